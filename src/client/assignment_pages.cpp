#include "client/pages_impl.hpp"

#include <allot/assignment_pages.hpp>

#include <utility>

namespace allot {

assignment_pages::assignment_pages(std::shared_ptr<pages_impl> impl) noexcept : impl_(std::move(impl)) {}

assignment_pages::assignment_pages(assignment_pages&&) noexcept = default;

assignment_pages& assignment_pages::operator=(assignment_pages&&) noexcept = default;

assignment_pages::~assignment_pages() = default;

boost::asio::awaitable<std::optional<result<assignment_page>>> assignment_pages::next() {
    // No coroutine itself: one starts late, when this object may be gone.
    return pages_impl::next(impl_);
}

}
