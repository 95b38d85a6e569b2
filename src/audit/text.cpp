#include "audit/text.hpp"

#include <array>
#include <cstdint>

namespace allot {
namespace {

struct code_point {
    std::uint32_t value = 0;
    std::size_t length = 0; // 0: the bytes are not UTF-8
};

code_point decode(std::string_view text) noexcept {
    auto const byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    auto const lead = byte(0);
    if (lead < 0x80)
        return {lead, 1};
    std::size_t const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length)
        return {};
    std::uint32_t value = lead & (0xffU >> (length + 1));
    for (std::size_t at = 1; at != length; ++at) {
        if ((byte(at) & 0xc0) != 0x80)
            return {};
        value = value << 6 | (byte(at) & 0x3f);
    }
    constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return {};
    return {value, length};
}

bool turns_direction(std::uint32_t value) noexcept {
    return value == 0x200e || value == 0x200f || (value >= 0x202a && value <= 0x202e) ||
           (value >= 0x2066 && value <= 0x2069) || value == 0x061c;
}

bool is_control(std::uint32_t value) noexcept {
    return value < 0x20 || (value >= 0x7f && value <= 0x9f);
}

void append_hex(std::string& out, std::uint32_t value, int digits) {
    while (digits != 0)
        out += "0123456789abcdef"[value >> (4 * --digits) & 0xf];
}

}

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at != text.size()) {
        auto const next = decode(text.substr(at));
        if (next.length == 0)
            break;
        at += next.length;
    }
    return at;
}

std::string to_valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const valid = valid_utf8_prefix(text);
        out += text.substr(0, valid);
        text.remove_prefix(valid);
        if (!text.empty()) {
            out += "\xef\xbf\xbd";
            text.remove_prefix(1);
        }
    }
    return out;
}

std::string terminal_safe(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const next = decode(text);
        if (next.length == 0 || is_control(next.value)) {
            out += "\\x";
            append_hex(out, next.length == 0 ? static_cast<unsigned char>(text[0]) : next.value, 2);
        } else if (turns_direction(next.value)) {
            out += "\\u";
            append_hex(out, next.value, 4);
        } else {
            out += text.substr(0, next.length);
        }
        text.remove_prefix(next.length == 0 ? 1 : next.length);
    }
    return out;
}

std::string shorten(std::string_view text, std::size_t max_bytes) {
    if (text.size() <= max_bytes)
        return std::string(text);
    auto cut = max_bytes - 3;
    while (cut != 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80)
        --cut;
    return std::string(text.substr(0, cut)) + "...";
}

std::string with_separators(unsigned long long value) {
    auto out = std::to_string(value);
    for (auto at = out.size(); at > 3;) {
        at -= 3;
        out.insert(at, 1, ',');
    }
    return out;
}

std::string signed_number(std::int64_t value) {
    auto const text = with_separators(
        value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
    return value < 0 ? "-" + text : text;
}

void append_milliseconds(std::string& out, std::chrono::nanoseconds value) {
    auto const microseconds = std::chrono::floor<std::chrono::microseconds>(value).count();
    auto const decimals = std::to_string(1'000 + microseconds % 1'000);
    out += std::to_string(microseconds / 1'000);
    out += '.';
    out.append(decimals, 1);
}

}
