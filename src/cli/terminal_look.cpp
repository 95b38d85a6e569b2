#include "cli/terminal_look.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace allot {
namespace {

/// In the order of POSIX: the first that is set decides.
bool is_utf8(environment const& lookup) {
    for (auto const* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        auto value = lookup(name);
        if (!value)
            continue;
        std::transform(value->begin(), value->end(), value->begin(), [](unsigned char each) {
            return static_cast<char>(std::tolower(each));
        });
        return value->find("utf-8") != std::string::npos || value->find("utf8") != std::string::npos;
    }
    return false;
}

}

terminal_look look_of(bool is_terminal, environment const& lookup) {
    terminal_look look;
    look.is_terminal = is_terminal;
    look.redraws = is_terminal && lookup("TERM").value_or("dumb") != "dumb";
    look.colours = look.redraws && !lookup("NO_COLOR");
    look.utf8 = is_utf8(lookup);
    return look;
}

}
