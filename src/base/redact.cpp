#include "base/redact.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace allot {

void redact(std::string& text, std::string_view hidden) {
    constexpr std::size_t telling = 8;
    constexpr std::string_view mark = "[redacted]";
    if (hidden.empty())
        return;
    auto const start = hidden.substr(0, telling);
    for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at)) {
        auto const rest = std::string_view(text).substr(at);
        auto const same = std::mismatch(rest.begin(), rest.end(), hidden.begin(), hidden.end()).first;
        text.replace(at, static_cast<std::size_t>(std::distance(rest.begin(), same)), mark);
        at += mark.size();
    }
}

}
