#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace allot {

/// Builds a piece of HTML. Only `markup` takes text as it is; it is for our own literals.
/// Thread safety: shared: unsafe.
class html_writer {
public:
    html_writer& markup(std::string_view html) {
        out_ += html;
        return *this;
    }
    html_writer& text(std::string_view words);    ///< our own words, escaped
    html_writer& foreign(std::string_view words); ///< words from outside: escaped, their direction kept in
    html_writer& number(std::uint64_t value);     ///< "1,234"

    std::string take() noexcept { return std::move(out_); }

private:
    std::string out_;
};

}
