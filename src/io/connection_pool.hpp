#pragma once

#include "io/connection.hpp"
#include "io/endpoint.hpp"
#include "io/parking_spot.hpp"
#include "protocol/pool_state.hpp"

#include <allot/failure.hpp>
#include <allot/observer.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace allot {

struct connection_pool_params {
    std::size_t capacity = 1;
    std::chrono::milliseconds idle_timeout{};
    std::chrono::milliseconds connect_timeout{};
    observer* watcher = nullptr; ///< outlives the pool; null for none
};

/// Opens connections to one endpoint, keeps them and hands them to whoever waits longest.
/// Thread safety: one strand.
class connection_pool {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// An open connection for one exchange. Goes back when destroyed; kept if it is reusable then.
    class lease {
    public:
        lease(connection_pool& pool, pool_state::slot slot, bool reused) noexcept :
            pool_(&pool),
            slot_(slot),
            reused_(reused) {}
        lease(lease&& other) noexcept;
        lease& operator=(lease&& other) noexcept;
        ~lease();

        class connection& connection() const noexcept {
            return *pool_->connections_[slot_];
        }
        bool reused() const noexcept { return reused_; } ///< it has carried a request before

    private:
        connection_pool* pool_;
        pool_state::slot slot_;
        bool reused_;
    };

    connection_pool(
        boost::asio::any_io_executor executor, deadline_queue& deadlines, endpoint to,
        connection_pool_params const& params);

    /// A connection that is open and idle, if there is one.
    std::optional<lease> try_acquire(time_point now);

    /// Waits for a connection, opens it if need be. A `fresh` one has carried no request.
    /// Errors: as `connection::open`; `deadline_exceeded` at `until`, `cancelled`.
    boost::asio::awaitable<result<lease>> acquire(bool fresh, std::optional<time_point> until);

    void close_idle() noexcept;

    endpoint const& to() const noexcept { return endpoint_; }
    std::uint64_t opened() const noexcept { return opened_; }
    std::uint64_t resumed() const noexcept { return resumed_; }

private:
    struct waiter;

    boost::asio::awaitable<std::optional<failure>>
    open(pool_state::slot slot, std::optional<time_point> until);
    void release(pool_state::slot slot, bool reusable) noexcept;

    boost::asio::any_io_executor executor_;
    deadline_queue& deadlines_;
    endpoint endpoint_;
    connection_pool_params params_;
    pool_state state_;
    std::shared_ptr<readiness_set> sockets_;
    exchange_memory memory_;
    std::vector<std::unique_ptr<connection>> connections_;
    std::uint64_t opened_ = 0;
    std::uint64_t resumed_ = 0;
};

}
