#include "model/printable.hpp"

namespace allot {
namespace {

std::string escaped(char character, char quote) {
    if (character == quote || character == '\\')
        return {'\\', character};
    if (character >= ' ' && character <= '~')
        return {character};
    constexpr std::string_view digits = "0123456789abcdef";
    auto const byte = static_cast<unsigned char>(character);
    return {'\\', 'x', digits[byte >> 4], digits[byte & 0xf]};
}

}

std::string printable(char character) {
    return '\'' + escaped(character, '\'') + '\'';
}

std::string printable(std::string_view text, std::size_t limit) {
    constexpr std::string_view cut_mark = "\"...";
    std::string out = "\"";
    std::size_t room_for_mark = out.size();
    for (char const character : text) {
        out += escaped(character, '"');
        if (out.size() + cut_mark.size() <= limit)
            room_for_mark = out.size();
        if (out.size() + 1 > limit) {
            out.resize(room_for_mark);
            return out.append(cut_mark);
        }
    }
    return out += '"';
}

}
