#include "audit/shell_word.hpp"

#include "audit/text.hpp"

namespace allot {

std::string shell_word(std::string_view text) {
    if (terminal_safe(text) != text)
        return {};
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+:@,";
    std::string out(text.starts_with('-') ? "./" : "");
    if (text.find_first_not_of(plain) == std::string_view::npos)
        return out.append(text);
    out += '\'';
    for (auto const each : text)
        out += each == '\'' ? std::string("'\\''") : std::string(1, each);
    return out + '\'';
}

}
