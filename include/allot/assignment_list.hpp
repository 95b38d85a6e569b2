#pragma once

#include <allot/assignment_ref.hpp>
#include <allot/failure.hpp>
#include <allot/model.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace allot {

/// Whose assignments a list has.
/// Thread safety: distinct objects: safe; shared: safe for reading.
class list_scope {
public:
    /// /admin/cloudLicensing/assignments: all of the tenant.
    static list_scope admin();
    /// /users/{user_id}/...: those made to the user directly; the id or the user principal name.
    static list_scope user(std::string user_id);
    /// /groups/{group_id}/...
    static list_scope group(std::string group_id);

    assignment_scope scope() const noexcept { return scope_; }
    std::string const& principal_id() const noexcept { return principal_id_; } ///< empty for admin

    /// What rule of `assignment_ref` the id breaks, as a sentence for people, or nothing when it can be sent.
    std::optional<std::string> problem() const;

    friend bool operator==(list_scope const&, list_scope const&) = default;

private:
    list_scope(assignment_scope scope, std::string principal_id);

    assignment_scope scope_;
    std::string principal_id_;
};

/// How a list is read.
class list_params {
public:
    list_params() = default;
    /// Most assignments of a page (`$top`); 0, the default, leaves it to Graph. Graph may send fewer.
    list_params& page_size(std::uint32_t value) noexcept;
    /// Begins with the page that an `assignment_page::next_link` leads to. The link says whose assignments,
    /// which options and what page size; empty begins with the first page.
    list_params& start(std::string next_link);

    std::uint32_t page_size() const noexcept { return page_size_; }
    std::string const& start() const noexcept { return start_; }

private:
    std::uint32_t page_size_ = 0;
    std::string start_;
};

/// One page of a list.
struct assignment_page {
    std::vector<assignment> assignments; ///< may be empty, also before the last page
    std::string next_link;               ///< leads to the page behind this one; empty for the last page
    exchange_info exchange;              ///< of the requests for this page
};

}
