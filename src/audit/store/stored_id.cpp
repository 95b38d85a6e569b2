#include "audit/store/stored_id.hpp"

#include <cstddef>
#include <cstdint>

namespace allot {
namespace {

constexpr std::size_t guid_length = 36;
constexpr std::string_view guid_digits = "0123456789abcdef";

constexpr bool is_dash(std::size_t at) noexcept {
    return at == 8 || at == 13 || at == 18 || at == 23;
}

constexpr auto digit_values = [] {
    std::array<std::int8_t, 256> out{};
    out.fill(-1);
    for (std::size_t value = 0; value != guid_digits.size(); ++value)
        out[static_cast<unsigned char>(guid_digits[value])] = static_cast<std::int8_t>(value);
    return out;
}();

int value_of(char digit) noexcept {
    return digit_values[static_cast<unsigned char>(digit)];
}

bool pack(std::array<char, 16>& out, std::string_view text) noexcept {
    if (text.size() != guid_length)
        return false;
    std::size_t byte = 0;
    int bad = 0;
    for (std::size_t at = 0; at != guid_length;) {
        if (is_dash(at)) {
            bad |= text[at++] == '-' ? 0 : -1;
            continue;
        }
        int const high = value_of(text[at]);
        int const low = value_of(text[at + 1]);
        bad |= high | low;
        out[byte++] = static_cast<char>(static_cast<unsigned char>((high & 15) << 4 | (low & 15)));
        at += 2;
    }
    return bad >= 0;
}

}

stored_id::stored_id(std::string_view text) : is_packed_(pack(bytes_, text)) {
    if (!is_packed_)
        text_ = text;
}

std::optional<std::string_view> stored_id::packed() const noexcept {
    if (!is_packed_)
        return std::nullopt;
    return std::string_view(bytes_.data(), bytes_.size());
}

void unpack_id(std::string& out, std::string_view packed) {
    out.clear();
    for (char const byte : packed) {
        if (is_dash(out.size()))
            out += '-';
        auto const value = static_cast<unsigned char>(byte);
        out += guid_digits[value >> 4];
        out += guid_digits[value & 15];
    }
}

}
