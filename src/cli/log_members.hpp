#pragma once

#include "json/text.hpp"

#include <concepts>
#include <string>
#include <string_view>

namespace allot {

/// What a log line says beside its message, as members of a JSON object. A text that is empty is not known
/// and left out.
class log_members {
public:
    log_members& add(std::string_view name, std::string_view value) {
        if (!value.empty()) {
            begin(name);
            append_json_string(text_, value);
        }
        return *this;
    }
    log_members& add(std::string_view name, std::integral auto value) {
        begin(name);
        if constexpr (std::same_as<decltype(value), bool>)
            text_ += value ? "true" : "false";
        else
            text_ += std::to_string(value);
        return *this;
    }
    /// A value that is JSON already.
    log_members& add_json(std::string_view name, std::string_view json) {
        begin(name);
        text_ += json;
        return *this;
    }

    /// `,"name":value` for each.
    std::string const& text() const noexcept { return text_; }

private:
    void begin(std::string_view name) {
        text_ += ',';
        append_json_string(text_, name);
        text_ += ':';
    }

    std::string text_;
};

}
