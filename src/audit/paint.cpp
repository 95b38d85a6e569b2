#include "audit/paint.hpp"

namespace allot {
namespace {

char const* code_of(tone how) {
    switch (how) {
    case tone::plain:
        break;
    case tone::strong:
        return "1";
    case tone::quiet:
        return "2";
    case tone::good:
        return "32";
    case tone::careful:
        return "33";
    case tone::bad:
        return "31";
    }
    return nullptr;
}

}

std::string painted(std::string_view text, tone how, bool colours) {
    auto const* const code = colours && !text.empty() ? code_of(how) : nullptr;
    if (code == nullptr)
        return std::string(text);
    std::string out("\x1b[");
    out += code;
    out += 'm';
    out += text;
    out += "\x1b[0m";
    return out;
}

}
