#include "simulator/json_writer.hpp"

#include <algorithm>
#include <cstddef>

namespace allot::simulation {
namespace {

/// The length of the UTF-8 sequence at the begin of a text that is not empty (RFC 3629 section 4), 0 for
/// none.
std::size_t utf8_length(std::string_view text) noexcept {
    auto const at = [text](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    auto const first = at(0);
    if (first < 0x80)
        return 1;
    std::size_t length = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) {
        length = 2;
    } else if ((first & 0xf0) == 0xe0) {
        length = 3;
        low = first == 0xe0 ? 0xa0 : low;
        high = first == 0xed ? 0x9f : high;
    } else if (first >= 0xf0 && first <= 0xf4) {
        length = 4;
        low = first == 0xf0 ? 0x90 : low;
        high = first == 0xf4 ? 0x8f : high;
    }
    if (length == 0 || text.size() < length || at(1) < low || at(1) > high)
        return 0;
    for (std::size_t index = 2; index != length; ++index)
        if ((at(index) & 0xc0) != 0x80)
            return 0;
    return length;
}

bool plain(char value) noexcept {
    auto const byte = static_cast<unsigned char>(value);
    return byte >= 0x20 && byte < 0x7f && value != '"' && value != '\\';
}

}

json_writer& json_writer::key(std::string_view name) {
    separate();
    append_quoted(name);
    out_ += ':';
    comma_ = false;
    return *this;
}

json_writer& json_writer::text(std::string_view value) {
    separate();
    append_quoted(value);
    return *this;
}

json_writer& json_writer::number(std::int64_t value) {
    separate();
    out_ += std::to_string(value);
    return *this;
}

json_writer& json_writer::boolean(bool value) {
    separate();
    out_ += value ? "true" : "false";
    return *this;
}

json_writer& json_writer::null() {
    separate();
    out_ += "null";
    return *this;
}

json_writer& json_writer::json(std::string_view value) {
    separate();
    out_ += value;
    return *this;
}

json_writer& json_writer::open(char bracket) {
    separate();
    out_ += bracket;
    comma_ = false;
    return *this;
}

json_writer& json_writer::close(char bracket) {
    out_ += bracket;
    comma_ = true;
    return *this;
}

void json_writer::separate() {
    if (comma_)
        out_ += ',';
    comma_ = true;
}

void json_writer::append_quoted(std::string_view value) {
    constexpr std::string_view digits = "0123456789abcdef";
    out_ += '"';
    while (!value.empty()) {
        auto const run =
            static_cast<std::size_t>(std::find_if_not(value.begin(), value.end(), plain) - value.begin());
        out_ += value.substr(0, run);
        value.remove_prefix(run);
        if (value.empty())
            break;
        auto const byte = static_cast<unsigned char>(value.front());
        if (byte == '"' || byte == '\\') {
            out_ += '\\';
            out_ += value.front();
        } else if (byte < 0x20 || byte == 0x7f) {
            out_ += "\\u00";
            out_ += digits[byte >> 4];
            out_ += digits[byte & 0xf];
        } else if (auto const length = utf8_length(value); length != 0) {
            out_ += value.substr(0, length);
            value.remove_prefix(length - 1);
        } else {
            out_ += "\\ufffd";
        }
        value.remove_prefix(1);
    }
    out_ += '"';
}

}
