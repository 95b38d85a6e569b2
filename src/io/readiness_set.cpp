#include "io/readiness_set.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <sys/epoll.h>
#include <utility>
#include <vector>

namespace allot {
namespace asio = boost::asio;

/// What Asio keeps while the set is watched. It goes with the executor's context, and with it whoever waits.
struct readiness_set::watch {
    explicit watch(std::shared_ptr<readiness_set> of) noexcept : set(std::move(of)) {}
    watch(watch&&) noexcept = default;
    watch& operator=(watch&&) = delete;
    ~watch() {
        if (set)
            set->abandon();
    }

    void operator()(boost::system::error_code) {
        auto const kept = std::exchange(set, nullptr);
        kept->watched_ = false;
        kept->note_events();
        kept->serve();
    }

    std::shared_ptr<readiness_set> set;
};

bool readiness_set::place::is_ready(direction what) const noexcept {
    return ready_[static_cast<int>(what)] || (ended_ && what == direction::read);
}

bool readiness_set::place::take(direction what) noexcept {
    bool const ready = is_ready(what);
    ready_[static_cast<int>(what)] = false;
    return ready;
}

void readiness_set::place::mark(direction what) noexcept {
    ready_[static_cast<int>(what)] = true;
}

readiness_set::readiness_set(asio::any_io_executor const& executor) :
    executor_(executor),
    events_(executor) {}

std::shared_ptr<readiness_set> readiness_set::make(asio::any_io_executor const& executor) {
    return std::shared_ptr<readiness_set>(new readiness_set(executor));
}

error_code readiness_set::add(place& in, int socket) {
    if (!events_.is_open()) {
        file_descriptor made(::epoll_create1(EPOLL_CLOEXEC));
        if (made.get() == -1)
            return {errno, boost::system::system_category()};
        error_code error;
        events_.assign(made.get(), error);
        if (error)
            return error;
        made.release();
    }
    in.ready_[0] = in.ready_[1] = in.ended_ = false;
    epoll_event wanted{};
    // Told once of each change: a connection that rests is not told again and again that its peer has left.
    wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    wanted.data.ptr = &in;
    if (::epoll_ctl(events_.native_handle(), EPOLL_CTL_ADD, socket, &wanted) != 0)
        return {errno, boost::system::system_category()};
    return {};
}

void readiness_set::remove(place& in, int socket) noexcept {
    epoll_event ignored{};
    ::epoll_ctl(events_.native_handle(), EPOLL_CTL_DEL, socket, &ignored);
    release(in);
}

asio::awaitable<bool> readiness_set::wait(place& in, direction what) {
    auto const begin = [this, &in, what](place::handler handler) { park(in, what, std::move(handler)); };
    return asio::async_initiate<asio::use_awaitable_t<> const&, void(bool)>(begin, asio::use_awaitable);
}

void readiness_set::park(place& in, direction what, place::handler handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected())
        slot.assign([this, &in](asio::cancellation_type) { release(in); });
    in.wanted_ = what;
    in.waiting_.emplace(std::move(handler));
    waiting_.push_back(in);
    if (!serving_)
        go_on();
}

void readiness_set::release(place& in) noexcept {
    if (!in.waiting_)
        return;
    in.unlink();
    auto handler = std::move(*in.waiting_);
    in.waiting_.reset();
    asio::get_associated_cancellation_slot(handler).clear();
    asio::post(executor_, [handler = std::move(handler)]() mutable { std::move(handler)(false); });
    // Nothing else may keep the executor busy.
    if (waiting_.empty() && watched_) {
        error_code ignored;
        events_.cancel(ignored);
    }
}

void readiness_set::note_events() noexcept {
    std::array<epoll_event, 128> events;
    auto const count = ::epoll_wait(events_.native_handle(), events.data(), int(events.size()), 0);
    for (int at = 0; at < count; ++at) {
        auto& of = *static_cast<place*>(events[std::size_t(at)].data.ptr);
        auto const seen = events[std::size_t(at)].events;
        if ((seen & ~std::uint32_t(EPOLLOUT)) != 0)
            of.mark(direction::read);
        if ((seen & ~std::uint32_t(EPOLLIN)) != 0)
            of.mark(direction::write);
        of.ended_ = of.ended_ || (seen & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        if (of.waiting_ && of.is_ready(of.wanted_)) {
            of.unlink();
            ready_.push_back(of);
        }
    }
}

void readiness_set::serve() {
    // Also when somebody throws.
    struct at_the_end {
        ~at_the_end() {
            set.serving_ = false;
            set.go_on();
        }
        readiness_set& set;
    } const then{*this};
    serving_ = true;
    while (!ready_.empty()) {
        auto& next = ready_.front();
        next.unlink();
        auto handler = std::move(*next.waiting_);
        next.waiting_.reset();
        asio::get_associated_cancellation_slot(handler).clear();
        std::move(handler)(true);
    }
}

void readiness_set::go_on() {
    if (!ready_.empty()) {
        asio::post(executor_, [self = shared_from_this()] { self->serve(); });
    } else if (!waiting_.empty() && !watched_) {
        watched_ = true;
        events_.async_wait(asio::posix::stream_descriptor::wait_read, watch(shared_from_this()));
    }
}

void readiness_set::abandon() noexcept {
    std::vector<place::handler> left;
    for (auto* const list : {&waiting_, &ready_}) {
        while (!list->empty()) {
            auto& each = list->front();
            each.unlink();
            left.push_back(std::move(*each.waiting_));
            each.waiting_.reset();
        }
    }
}

}
