#include "model/id_problem.hpp"

#include "model/printable.hpp"

namespace allot {
namespace {

constexpr std::size_t max_id_bytes = 256;
constexpr std::string_view id_marks = "-._~!@+=:,";
constexpr std::string_view user_id_marks = "-._~!@+=:,'#^";

bool is_letter_or_digit(char character) noexcept {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9');
}

std::string allowed_characters(std::string_view marks) {
    std::string out = "ids hold letters, digits and";
    for (char const mark : marks)
        out.append({' ', mark});
    return out;
}

std::optional<std::string> problem_of(std::string_view name, std::string_view id, std::string_view marks) {
    std::string out(name);
    if (id.empty())
        return out + " is empty; ids hold 1 to " + std::to_string(max_id_bytes) + " bytes";
    if (id.size() > max_id_bytes) {
        return out + " has " + std::to_string(id.size()) + " bytes; ids hold 1 to " +
               std::to_string(max_id_bytes) + " bytes";
    }
    for (std::size_t at = 0; at != id.size(); ++at) {
        if (is_letter_or_digit(id[at]) || marks.find(id[at]) != marks.npos)
            continue;
        return out + ": character " + printable(id[at]) + " at byte " + std::to_string(at) +
               " is not allowed; " + allowed_characters(marks);
    }
    if (id == "." || id == "..")
        return out + ' ' + printable(id) +
               " is not allowed; as a path segment it would name another resource";
    return std::nullopt;
}

}

std::optional<std::string> id_problem(std::string_view name, std::string_view id) {
    return problem_of(name, id, id_marks);
}

std::optional<std::string> principal_problem(assignment_scope scope, std::string_view id) {
    switch (scope) {
    case assignment_scope::admin:
        break;
    case assignment_scope::user:
        return problem_of("user id", id, user_id_marks);
    case assignment_scope::group:
        return problem_of("group id", id, id_marks);
    }
    return std::nullopt;
}

}
