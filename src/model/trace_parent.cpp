#include "model/trace_parent.hpp"

#include <cstddef>

namespace allot {
namespace {

constexpr std::size_t known_size = 55;
constexpr std::size_t trace_at = 3, trace_size = 32;
constexpr std::size_t parent_at = 36, parent_size = 16;
constexpr std::size_t flags_at = 53;

bool is_lower_hex(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool is_zero(std::string_view text) noexcept {
    return text.find_first_not_of('0') == text.npos;
}

}

std::optional<std::string> traceparent_problem(std::string_view text) {
    if (text.size() < known_size)
        return ": it has " + std::to_string(text.size()) + " bytes; version-traceid-parentid-flags has " +
               std::to_string(known_size);
    for (std::size_t at = 0; at != known_size; ++at) {
        bool const dash = at == trace_at - 1 || at == parent_at - 1 || at == flags_at - 1;
        if (dash ? text[at] == '-' : is_lower_hex(text[at]))
            continue;
        return ": byte " + std::to_string(at) + " is not " +
               (dash ? "the - between two fields" : "a hexadecimal digit in lower case");
    }
    if (text.starts_with("ff"))
        return ": version ff is invalid";
    if (text.size() > known_size && text.starts_with("00"))
        return ": it has " + std::to_string(text.size()) + " bytes; in version 00 it has " +
               std::to_string(known_size);
    if (text.size() > known_size && text[known_size] != '-')
        return ": what a later version adds begins with -";
    if (is_zero(text.substr(trace_at, trace_size)))
        return ": the trace-id is all zeroes";
    if (is_zero(text.substr(parent_at, parent_size)))
        return ": the parent-id is all zeroes";
    return std::nullopt;
}

std::string as_known_version(std::string_view text) {
    if (text.starts_with("00"))
        return std::string(text);
    // Of the flags, "sampled" alone means the same in all versions.
    auto const last = text[known_size - 1];
    bool const sampled = ((last <= '9' ? last - '0' : last - 'a' + 10) & 1) != 0;
    return "00" + std::string(text.substr(2, flags_at - 2)) + (sampled ? "01" : "00");
}

}
