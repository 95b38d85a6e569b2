#pragma once

#include "base/file_descriptor.hpp"

#include <allot/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/intrusive/list.hpp>

#include <memory>
#include <optional>

namespace allot {

/// The sockets of one strand that wait to be read or written, in an epoll set of their own. The executor
/// watches the set alone and enters the strand once for all that became ready, not once for each: with 64
/// connections an eighth of what an exchange takes.
/// Lifetimes: shared with what the executor still has to run. Thread safety: one strand.
class readiness_set : public std::enable_shared_from_this<readiness_set> {
    using hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

public:
    enum class direction { read, write };

    /// One socket's place in a set.
    class place : public hook {
    public:
        place() = default;
        place(place const&) = delete;
        place& operator=(place const&) = delete;

        /// Whether it became ready since this was asked last: then a read or write is worth trying. Once the
        /// peer has ended its part, a read always is: nothing tells of the end behind the last bytes again.
        bool take(direction what) noexcept;
        /// As if it had just become ready.
        void mark(direction what) noexcept;

    private:
        friend class readiness_set;
        using handler = boost::asio::async_result<boost::asio::use_awaitable_t<>, void(bool)>::handler_type;

        bool is_ready(direction what) const noexcept;

        bool ready_[2]{};
        bool ended_ = false; ///< by the peer
        direction wanted_ = direction::read;
        std::optional<handler> waiting_;
    };

    static std::shared_ptr<readiness_set> make(boost::asio::any_io_executor const& executor);

    boost::asio::any_io_executor const& executor() const noexcept { return executor_; }

    /// From now on `in` hears of `socket`, until that is closed or `remove` is called.
    /// Errors: what the system says, such as too many open files.
    error_code add(place& in, int socket);
    /// Whoever waits there is told false, later.
    void remove(place& in, int socket) noexcept;

    /// Waits until `take(what)` is true. False: cancelled (all types) or removed.
    /// Preconditions: `take(what)` was false; nobody waits in `in`.
    boost::asio::awaitable<bool> wait(place& in, direction what);

private:
    struct watch;
    using places = boost::intrusive::list<place, boost::intrusive::constant_time_size<false>>;

    explicit readiness_set(boost::asio::any_io_executor const& executor);

    void park(place& in, direction what, place::handler handler);
    void release(place& in) noexcept;
    void note_events() noexcept;
    void serve();
    void go_on();
    void abandon() noexcept;

    boost::asio::any_io_executor executor_;
    boost::asio::posix::stream_descriptor events_; ///< the epoll set
    places waiting_;
    places ready_; ///< to be told, in this order
    bool watched_ = false;
    bool serving_ = false;
};

}
