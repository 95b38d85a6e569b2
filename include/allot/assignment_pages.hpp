#pragma once

#include <allot/assignment_list.hpp>
#include <allot/failure.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace allot {

class pages_impl;

/// A walk through the pages of a list of assignments, one request for each page.
/// Lifetimes: keeps the client's parts alive; `next` under way keeps what it needs.
/// Thread safety: distinct objects: safe; shared: unsafe. One `next` at a time.
class assignment_pages {
public:
    explicit assignment_pages(std::shared_ptr<pages_impl> impl) noexcept;
    assignment_pages(assignment_pages&&) noexcept;
    assignment_pages& operator=(assignment_pages&&) noexcept;
    ~assignment_pages();

    /// The next page, or nothing after the last one. After a failure the walk stands where it stood: the next
    /// call asks for the same page again.
    /// Cancellation: all types that the caller's coroutine lets through (by default: terminal); ends with
    /// `errc::cancelled`, the walk and the client stay usable.
    /// Errors: as `errc` says. `bad_body` when a page is not a list of assignments with the members that the
    /// query leads to expect (`id` of each; of each expanded allotment `id`, `allottedUnits` and
    /// `consumedUnits`; under `$select` what is selected of these), or its next link is no URL or leads to
    /// the same page. `redirected` when the next link leads to another scheme, host or port than the Graph
    /// URL's: nothing is sent there. `response_too_large` for a page over 20 MiB: ask for smaller pages.
    /// `invalid_params` for a `list_params::start` that cannot be followed.
    boost::asio::awaitable<std::optional<result<assignment_page>>> next();

private:
    std::shared_ptr<pages_impl> impl_;
};

}
