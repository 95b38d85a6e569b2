#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace allot::simulation {

/// Appends JSON to a text. It sets the commas; that brackets match and keys come before values is the
/// caller's part. Bytes that are not UTF-8 become U+FFFD.
/// Lifetimes: the text outlives the writer.
class json_writer {
public:
    explicit json_writer(std::string& out) noexcept : out_(out) {}

    json_writer& begin_object() { return open('{'); }
    json_writer& end_object() { return close('}'); }
    json_writer& begin_array() { return open('['); }
    json_writer& end_array() { return close(']'); }
    json_writer& key(std::string_view name);

    json_writer& text(std::string_view value);
    json_writer& number(std::int64_t value);
    json_writer& boolean(bool value);
    json_writer& null();
    /// A value that is JSON already.
    json_writer& json(std::string_view value);

    json_writer& text_member(std::string_view name, std::string_view value) { return key(name).text(value); }
    json_writer& number_member(std::string_view name, std::int64_t value) { return key(name).number(value); }

private:
    json_writer& open(char bracket);
    json_writer& close(char bracket);
    void separate();
    void append_quoted(std::string_view value);

    std::string& out_;
    bool comma_ = false;
};

}
