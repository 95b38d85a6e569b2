#include "audit/reference_check.hpp"

#include <utility>

namespace allot {
namespace {

checked_reference checked(assignment_ref reference) {
    if (auto problem = reference.problem())
        return broken_reference{
            reference.scope(), reference.principal_id(), reference.assignment_id(), std::move(*problem)};
    return reference;
}

checked_reference
broken(assignment_scope scope, std::string principal_id, std::string id, char const* problem) {
    return broken_reference{scope, std::move(principal_id), std::move(id), problem};
}

checked_reference
below(char const* kind, assignment_scope scope, std::string_view line, std::string_view rest) {
    auto const slash = rest.find('/');
    if (slash == std::string_view::npos)
        return broken_reference{
            scope,
            {},
            std::string(line),
            std::string("a line that begins with \"") + kind + "/\" needs two ids behind it: " + kind +
                "/ID/ASSIGNMENT_ID"};
    std::string principal(rest.substr(0, slash));
    std::string id(rest.substr(slash + 1));
    return checked(
        scope == assignment_scope::user ? assignment_ref::user(std::move(principal), std::move(id))
                                        : assignment_ref::group(std::move(principal), std::move(id)));
}

}

checked_reference check_reference(reference_fields fields) {
    auto const principals =
        fields.user_id.has_value() + fields.group_id.has_value() + fields.principal_id.has_value();
    auto scope = fields.user_id    ? assignment_scope::user
                 : fields.group_id ? assignment_scope::group
                                   : assignment_scope::admin;
    if (fields.scope == "user")
        scope = assignment_scope::user;
    else if (fields.scope == "group")
        scope = assignment_scope::group;
    auto& given = fields.user_id ? fields.user_id : fields.group_id ? fields.group_id : fields.principal_id;
    auto principal = std::move(given).value_or(std::string());
    auto id = std::move(fields.assignment_id).value_or(std::string());

    if (id.empty())
        return broken(scope, std::move(principal), {}, "assignmentId is missing");
    if (principals > 1)
        return broken(
            scope, std::move(principal), std::move(id), "only one of userId and groupId may be given");
    if (fields.scope && fields.scope != "admin" && fields.scope != "user" && fields.scope != "group")
        return broken(scope, std::move(principal), std::move(id), "scope is not admin, user or group");
    if ((fields.user_id && scope != assignment_scope::user) ||
        (fields.group_id && scope != assignment_scope::group) ||
        (fields.principal_id && scope == assignment_scope::admin) ||
        (principals == 0 && scope != assignment_scope::admin))
        return broken(
            scope, std::move(principal), std::move(id),
            "scope and the id of the user or group do not fit together");

    switch (scope) {
    case assignment_scope::admin:
        return checked(assignment_ref::admin(std::move(id)));
    case assignment_scope::user:
        return checked(assignment_ref::user(std::move(principal), std::move(id)));
    case assignment_scope::group:
        break;
    }
    return checked(assignment_ref::group(std::move(principal), std::move(id)));
}

checked_reference check_reference(std::string_view line) {
    if (line.starts_with("users/"))
        return below("users", assignment_scope::user, line, line.substr(6));
    if (line.starts_with("groups/"))
        return below("groups", assignment_scope::group, line, line.substr(7));
    return checked(assignment_ref::admin(std::string(line)));
}

}
