#include "audit/permissions.hpp"

#include <array>

namespace allot {
namespace {

constexpr std::array admin_application{
    "CloudLicensing.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"};
constexpr std::array admin_delegated{
    "CloudLicensing.Read", "CloudLicensing.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"};
constexpr std::array user_application{
    "User-CloudLicensing.Read.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All",
    "Directory.ReadWrite.All"};
constexpr std::array user_delegated{
    "User-CloudLicensing.Read", "User-CloudLicensing.Read.All", "User.Read.All",
    "User.ReadWrite.All",       "Directory.Read.All",           "Directory.ReadWrite.All"};
constexpr std::array group_application{
    "Group-CloudLicensing.Read.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All",
    "Directory.ReadWrite.All"};
constexpr std::array group_delegated{
    "Group-CloudLicensing.Read", "Group-CloudLicensing.Read.All", "Group.Read.All", "Group.ReadWrite.All",
    "Directory.Read.All",        "Directory.ReadWrite.All"};

}

scope_permissions permissions_of(assignment_scope scope) noexcept {
    switch (scope) {
    case assignment_scope::admin:
        return {scope, "/admin", admin_application, admin_delegated};
    case assignment_scope::user:
        return {scope, "/users", user_application, user_delegated};
    case assignment_scope::group:
        break;
    }
    return {scope, "/groups", group_application, group_delegated};
}

std::string needed_permission(assignment_scope scope) {
    auto const known = permissions_of(scope);
    return std::string(known.path) + " needs the application permission " + known.application.front() +
           " (delegated: " + known.delegated.front() + ")";
}

}
