#include "base/base64.hpp"

#include <array>
#include <cstdint>

namespace allot {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view plain_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> make_digits() {
    std::array<std::uint8_t, 256> out{};
    out.fill(no_digit);
    for (std::size_t value = 0; value != alphabet.size(); ++value)
        out[static_cast<unsigned char>(alphabet[value])] = static_cast<std::uint8_t>(value);
    out['+'] = out['-'];
    out['/'] = out['_'];
    return out;
}

constexpr auto digits = make_digits();

bool is_mixed(std::string_view text) noexcept {
    return text.find_first_of("+/") != std::string_view::npos &&
           text.find_first_of("-_") != std::string_view::npos;
}

std::string encode(std::string_view bytes, std::string_view characters) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (char const byte : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(byte);
        for (count += 8; count >= 6; count -= 6)
            out += characters[bits >> (count - 6) & 0x3f];
    }
    if (count != 0)
        out += characters[bits << (6 - count) & 0x3f];
    return out;
}

}

std::string base64url_encode(std::string_view bytes) {
    return encode(bytes, alphabet);
}

std::string base64_encode(std::string_view bytes) {
    auto out = encode(bytes, plain_alphabet);
    out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.ends_with('=')) {
        if (text.size() % 4 != 0)
            return std::nullopt;
        text.remove_suffix(text.ends_with("==") ? 2 : 1);
    }
    if (text.size() % 4 == 1 || is_mixed(text))
        return std::nullopt;
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (char const character : text) {
        auto const digit = digits[static_cast<unsigned char>(character)];
        if (digit == no_digit)
            return std::nullopt;
        bits = bits << 6 | digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(static_cast<unsigned char>(bits >> count));
        }
    }
    if ((bits & ((1U << count) - 1)) != 0)
        return std::nullopt;
    return out;
}

}
