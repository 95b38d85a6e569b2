#include "model/id_problem.hpp"

#include "model/printable.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace allot {
namespace {

constexpr std::size_t max_id_bytes = 256;
constexpr std::string_view id_marks = "-._~!@+=:,";
constexpr std::string_view user_id_marks = "-._~!@+=:,'#^";

using character_set = std::array<bool, 256>;

constexpr character_set letters_digits_and(std::string_view marks) {
    character_set out{};
    for (unsigned at = 0; at != out.size(); ++at) {
        auto const character = static_cast<char>(at);
        out[at] = (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
                  (character >= '0' && character <= '9') || marks.find(character) != marks.npos;
    }
    return out;
}

/// What one kind of id may hold besides letters and digits.
struct id_rule {
    explicit constexpr id_rule(std::string_view others) :
        marks(others),
        allowed(letters_digits_and(others)) {}

    std::string_view marks;
    character_set allowed;
};

constexpr id_rule any_id(id_marks);
constexpr id_rule user_id(user_id_marks);

std::string allowed_characters(std::string_view marks) {
    std::string out = "ids hold letters, digits and";
    for (char const mark : marks)
        out.append({' ', mark});
    return out;
}

std::optional<std::string> problem_of(std::string_view name, std::string_view id, id_rule const& rule) {
    auto const is_allowed = [&rule](char character) {
        return rule.allowed[static_cast<unsigned char>(character)];
    };
    auto const bad =
        static_cast<std::size_t>(std::find_if_not(id.begin(), id.end(), is_allowed) - id.begin());
    if (!id.empty() && id.size() <= max_id_bytes && bad == id.size() && id != "." && id != "..")
        return std::nullopt;
    std::string out(name);
    if (id.empty())
        return out + " is empty; ids hold 1 to " + std::to_string(max_id_bytes) + " bytes";
    if (id.size() > max_id_bytes) {
        return out + " has " + std::to_string(id.size()) + " bytes; ids hold 1 to " +
               std::to_string(max_id_bytes) + " bytes";
    }
    if (bad != id.size()) {
        return out + ": character " + printable(id[bad]) + " at byte " + std::to_string(bad) +
               " is not allowed; " + allowed_characters(rule.marks);
    }
    return out + ' ' + printable(id) + " is not allowed; as a path segment it would name another resource";
}

}

std::optional<std::string> id_problem(std::string_view name, std::string_view id) {
    return problem_of(name, id, any_id);
}

std::optional<std::string> principal_problem(assignment_scope scope, std::string_view id) {
    switch (scope) {
    case assignment_scope::admin:
        break;
    case assignment_scope::user:
        return problem_of("user id", id, user_id);
    case assignment_scope::group:
        return problem_of("group id", id, any_id);
    }
    return std::nullopt;
}

}
