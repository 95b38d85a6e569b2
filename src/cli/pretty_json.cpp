#include "cli/pretty_json.hpp"

#include <cstddef>

namespace allot {

std::string pretty_json(std::string_view json) {
    std::string out;
    std::size_t depth = 0;
    auto const new_line = [&] {
        out += '\n';
        out.append(2 * depth, ' ');
    };
    bool in_text = false;
    for (std::size_t at = 0; at != json.size(); ++at) {
        auto const character = json[at];
        if (in_text) {
            out += character;
            if (character == '\\')
                out += json[++at];
            in_text = character != '"';
            continue;
        }
        switch (character) {
        case '{':
        case '[':
            out += character;
            if (json[at + 1] == '}' || json[at + 1] == ']') {
                out += json[++at];
                break;
            }
            ++depth;
            new_line();
            break;
        case '}':
        case ']':
            --depth;
            new_line();
            out += character;
            break;
        case ',':
            out += character;
            new_line();
            break;
        case ':':
            out += ": ";
            break;
        default:
            out += character;
            in_text = character == '"';
        }
    }
    return out;
}

}
