#include "model/id_problem.hpp"

#include <allot/assignment_ref.hpp>

#include <boost/container_hash/hash.hpp>

#include <utility>

namespace allot {

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
    auto found = principal_problem(scope_, principal_id_);
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
