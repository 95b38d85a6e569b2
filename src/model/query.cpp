#include "model/printable.hpp"
#include "model/trace_parent.hpp"

#include <allot/query.hpp>

#include <utility>

namespace allot {
namespace {

// OData 4.01 ABNF, odataIdentifier, without the letters beyond ASCII that Graph's names never use.
constexpr std::size_t max_identifier_bytes = 128;

bool is_leading_character(char character) noexcept {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           character == '_';
}

bool is_digit(char character) noexcept {
    return character >= '0' && character <= '9';
}

std::string bad_character(std::string_view text, std::size_t at, char const* rule) {
    return ": character " + printable(text[at]) + " at byte " + std::to_string(at) + " is not allowed; " +
           rule;
}

std::optional<std::string> identifier_problem(std::string_view name) {
    if (name.empty())
        return ": the name is empty; names hold 1 to " + std::to_string(max_identifier_bytes) + " bytes";
    if (name.size() > max_identifier_bytes) {
        return ": the name has " + std::to_string(name.size()) + " bytes; names hold 1 to " +
               std::to_string(max_identifier_bytes) + " bytes";
    }
    for (std::size_t at = 0; at != name.size(); ++at) {
        if (is_leading_character(name[at]) || (at != 0 && is_digit(name[at])))
            continue;
        return bad_character(name, at, "names hold letters, digits and _ and do not begin with a digit");
    }
    return std::nullopt;
}

// Checks the "(...)" that begins at byte `open` of `text`. What stands between quotes does not nest.
std::optional<std::string> options_problem(std::string_view text, std::size_t open) {
    char quote = 0;
    std::size_t depth = 0;
    for (std::size_t at = open; at != text.size(); ++at) {
        char const character = text[at];
        if (character < ' ' || character > '~' || character == '#' || character == '%')
            return bad_character(text, at, "nested options hold printable ASCII other than # and %");
        if (quote != 0) {
            if (character == quote)
                quote = 0;
        } else if (character == '\'' || character == '"') {
            quote = character;
        } else if (character == '(') {
            ++depth;
        } else if (character == ')' && --depth == 0 && at + 1 != text.size()) {
            return ": text follows the closing parenthesis at byte " + std::to_string(at) +
                   "; add each navigation on its own";
        }
    }
    if (quote != 0)
        return ": a quote is not closed; quotes come in pairs";
    if (depth != 0)
        return ": a parenthesis is not closed; parentheses come in pairs";
    return std::nullopt;
}

std::optional<std::string> navigation_problem(std::string_view text) {
    auto const open = text.find('(');
    auto found = identifier_problem(text.substr(0, open));
    if (!found && open != text.npos)
        found = options_problem(text, open);
    return found;
}

}

query& query::select(std::string_view member) & {
    select_.emplace_back(member);
    return *this;
}

query&& query::select(std::string_view member) && {
    return std::move(select(member));
}

query& query::expand(std::string_view navigation) & {
    expand_.emplace_back(navigation);
    return *this;
}

query&& query::expand(std::string_view navigation) && {
    return std::move(expand(navigation));
}

query& query::traceparent(std::string_view value) & {
    if (value.empty() || traceparent_problem(value))
        traceparent_ = value;
    else
        traceparent_ = as_known_version(value);
    return *this;
}

query&& query::traceparent(std::string_view value) && {
    return std::move(traceparent(value));
}

std::optional<std::string> query::problem() const {
    for (auto const& member : select_) {
        if (auto const found = identifier_problem(member))
            return "$select " + printable(member) + *found;
    }
    for (auto const& navigation : expand_) {
        if (auto const found = navigation_problem(navigation))
            return "$expand " + printable(navigation) + *found;
    }
    if (traceparent_.empty())
        return std::nullopt;
    if (auto const found = traceparent_problem(traceparent_))
        return "traceparent " + printable(traceparent_) + *found +
               " (https://www.w3.org/TR/trace-context-1/); correct it or leave it out";
    return std::nullopt;
}

}
