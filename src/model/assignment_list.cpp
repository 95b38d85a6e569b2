#include "model/id_problem.hpp"

#include <allot/assignment_list.hpp>

#include <utility>

namespace allot {

list_scope::list_scope(assignment_scope scope, std::string principal_id) :
    scope_(scope),
    principal_id_(std::move(principal_id)) {}

list_scope list_scope::admin() {
    return {assignment_scope::admin, {}};
}

list_scope list_scope::user(std::string user_id) {
    return {assignment_scope::user, std::move(user_id)};
}

list_scope list_scope::group(std::string group_id) {
    return {assignment_scope::group, std::move(group_id)};
}

std::optional<std::string> list_scope::problem() const {
    return principal_problem(scope_, principal_id_);
}

list_params& list_params::page_size(std::uint32_t value) noexcept {
    page_size_ = value;
    return *this;
}

list_params& list_params::start(std::string next_link) {
    start_ = std::move(next_link);
    return *this;
}

}
