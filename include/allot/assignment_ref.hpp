#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// The root below which an assignment is addressed.
enum class assignment_scope { admin, user, group };

/// "admin", "user" or "group".
char const* to_string(assignment_scope value) noexcept;

/// Names one license assignment: the scope, the user or group it is addressed below, and its id.
/// Ids are opaque: letters, digits and - . _ ~ ! @ + = : , in at most 256 bytes, not "." or ".."; a user id
/// may also hold ' # ^ (user principal names). An id that breaks this can be held but not sent: operations
/// answer `errc::invalid_reference`, so that a bad line of an input becomes a result and not an exception.
/// Thread safety: distinct objects: safe; shared: safe for reading.
class assignment_ref {
public:
    /// /admin/cloudLicensing/assignments/{assignment_id}
    static assignment_ref admin(std::string assignment_id);
    /// /users/{user_id}/...; the id or the user principal name.
    static assignment_ref user(std::string user_id, std::string assignment_id);
    /// /groups/{group_id}/...
    static assignment_ref group(std::string group_id, std::string assignment_id);

    assignment_scope scope() const noexcept { return scope_; }
    std::string const& principal_id() const noexcept { return principal_id_; } ///< empty for admin
    std::string const& assignment_id() const noexcept { return assignment_id_; }

    /// What rule the reference breaks, as a sentence for people, or nothing when it can be sent.
    std::optional<std::string> problem() const;

    friend bool operator==(assignment_ref const&, assignment_ref const&) = default;

private:
    assignment_ref(assignment_scope scope, std::string principal_id, std::string assignment_id);

    assignment_scope scope_;
    std::string principal_id_;
    std::string assignment_id_;
};

}

template <>
struct std::hash<allot::assignment_ref> {
    std::size_t operator()(allot::assignment_ref const& value) const noexcept;
};
