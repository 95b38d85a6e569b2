#include "model/printable.hpp"

#include <allot/assignment_ref.hpp>

#include <boost/container_hash/hash.hpp>

#include <string_view>
#include <utility>

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

// `name` says which id it is: "assignment id".
std::optional<std::string>
id_problem(std::string_view name, std::string_view id, std::string_view marks = id_marks) {
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

char const* to_string(assignment_scope value) noexcept {
    switch (value) {
    case assignment_scope::admin:
        return "admin";
    case assignment_scope::user:
        return "user";
    case assignment_scope::group:
        return "group";
    }
    return "unknown";
}

assignment_ref::assignment_ref(assignment_scope scope, std::string principal_id, std::string assignment_id) :
    scope_(scope),
    principal_id_(std::move(principal_id)),
    assignment_id_(std::move(assignment_id)) {}

assignment_ref assignment_ref::admin(std::string assignment_id) {
    return {assignment_scope::admin, {}, std::move(assignment_id)};
}

assignment_ref assignment_ref::user(std::string user_id, std::string assignment_id) {
    return {assignment_scope::user, std::move(user_id), std::move(assignment_id)};
}

assignment_ref assignment_ref::group(std::string group_id, std::string assignment_id) {
    return {assignment_scope::group, std::move(group_id), std::move(assignment_id)};
}

std::optional<std::string> assignment_ref::problem() const {
    std::optional<std::string> found;
    switch (scope_) {
    case assignment_scope::admin:
        break;
    case assignment_scope::user:
        found = id_problem("user id", principal_id_, user_id_marks);
        break;
    case assignment_scope::group:
        found = id_problem("group id", principal_id_);
        break;
    }
    return found ? found : id_problem("assignment id", assignment_id_);
}

}

std::size_t std::hash<allot::assignment_ref>::operator()(allot::assignment_ref const& value) const noexcept {
    std::hash<std::string> const of_text;
    auto seed = static_cast<std::size_t>(value.scope());
    boost::hash_combine(seed, of_text(value.principal_id()));
    boost::hash_combine(seed, of_text(value.assignment_id()));
    return seed;
}
