#include "model/expansion.hpp"

#include <algorithm>
#include <cstddef>

namespace allot {
namespace {

bool same_word(std::string_view left, std::string_view right) noexcept {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) noexcept {
    auto const begin = std::min(text.find_first_not_of(' '), text.size());
    return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

/// Takes the text up to the next separator that no parentheses or quotes enclose.
std::string_view take(std::string_view& rest, char separator) {
    char quote = 0;
    std::size_t depth = 0;
    std::size_t at = 0;
    for (; at != rest.size(); ++at) {
        char const c = rest[at];
        if (quote != 0)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == separator && depth == 0)
            break;
        else if (c == '(')
            ++depth;
        else if (c == ')')
            --depth;
    }
    auto const taken = rest.substr(0, at);
    rest.remove_prefix(std::min(rest.size(), at + 1));
    return taken;
}

}

query selected_within(query const& options, std::string_view navigation) {
    query out;
    for (std::string_view expanded : options.expanded()) {
        auto const open = expanded.find('(');
        if (open == expanded.npos || !same_word(expanded.substr(0, open), navigation))
            continue;
        auto nested = expanded.substr(open + 1, expanded.size() - open - 2);
        while (!nested.empty()) {
            auto const option = trimmed(take(nested, ';'));
            auto const equals = std::min(option.find('='), option.size());
            auto const name = trimmed(option.substr(0, equals));
            // OData 4.01 lets the $ be left out.
            if (!same_word(name, "$select") && !same_word(name, "select"))
                continue;
            auto members = option.substr(std::min(option.size(), equals + 1));
            while (!members.empty())
                out.select(trimmed(take(members, ',')));
        }
    }
    return out;
}

}
