#include "audit/columns.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace allot {
namespace {

struct range {
    std::uint32_t first;
    std::uint32_t last;
};

constexpr std::array<range, 9> invisible{{
    {0x0300, 0x036f},
    {0x0483, 0x0489},
    {0x1ab0, 0x1aff},
    {0x1dc0, 0x1dff},
    {0x200b, 0x200d},
    {0x20d0, 0x20f0},
    {0xfe00, 0xfe0f},
    {0xfe20, 0xfe2f},
    {0xfeff, 0xfeff},
}};

constexpr std::array<range, 14> wide{{
    {0x1100, 0x115f},
    {0x231a, 0x231b},
    {0x23e9, 0x23ec},
    {0x2e80, 0x303e},
    {0x3041, 0xa4cf},
    {0xa960, 0xa97f},
    {0xac00, 0xd7a3},
    {0xf900, 0xfaff},
    {0xfe30, 0xfe6f},
    {0xff00, 0xff60},
    {0xffe0, 0xffe6},
    {0x1f000, 0x1faff},
    {0x20000, 0x2fffd},
    {0x30000, 0x3fffd},
}};

template <std::size_t N>
bool in(std::array<range, N> const& ranges, std::uint32_t value) noexcept {
    return std::any_of(ranges.begin(), ranges.end(), [value](range const& each) {
        return value >= each.first && value <= each.last;
    });
}

struct character {
    std::size_t bytes;
    std::size_t columns;
};

character first_of(std::string_view text) noexcept {
    auto const lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80)
        return {1, 1};
    std::size_t const bytes = std::min<std::size_t>(lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2, text.size());
    std::uint32_t value = lead & (0xffU >> (bytes + 1));
    for (std::size_t at = 1; at != bytes; ++at)
        value = value << 6 | (static_cast<unsigned char>(text[at]) & 0x3f);
    return {bytes, in(invisible, value) ? 0U : in(wide, value) ? 2U : 1U};
}

/// The bytes at the front of `text` that take at most `most` columns.
std::size_t bytes_in(std::string_view text, std::size_t most) noexcept {
    std::size_t at = 0;
    while (at != text.size()) {
        auto const next = first_of(text.substr(at));
        if (next.columns > most)
            break;
        most -= next.columns;
        at += next.bytes;
    }
    return at;
}

}

std::size_t columns(std::string_view text) noexcept {
    std::size_t sum = 0;
    while (!text.empty()) {
        auto const next = first_of(text);
        sum += next.columns;
        text.remove_prefix(next.bytes);
    }
    return sum;
}

std::string cut_to_columns(std::string_view text, std::size_t most) {
    if (columns(text) <= most)
        return std::string(text);
    auto const dots = std::min<std::size_t>(most, 3);
    return std::string(text.substr(0, bytes_in(text, most - dots))).append(dots, '.');
}

std::string pad_right(std::string text, std::size_t width) {
    auto const taken = columns(text);
    return text.append(width - std::min(width, taken), ' ');
}

std::string pad_left(std::string text, std::size_t width) {
    auto const taken = columns(text);
    return text.insert(0, width - std::min(width, taken), ' ');
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
    std::string out;
    std::size_t room = 0; // in the last line
    while (!text.empty()) {
        auto const word = text.substr(0, text.find(' '));
        auto const taken = columns(word);
        if (!out.empty() && taken < room) {
            out += ' ';
            room -= taken + 1;
        } else {
            if (!out.empty())
                out += '\n';
            out.append(indent, ' ');
            room = width - std::min(width, indent + taken);
        }
        out += word;
        text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
    return out + '\n';
}

}
