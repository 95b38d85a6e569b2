#pragma once

#include "io/lookup_waiter.hpp"
#include "io/system_resolver.hpp"
#include "protocol/lookup_state.hpp"

#include <allot/failure.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace allot {

/// Looks host names up for all clients of the process. Each look-up runs on a thread of its own, which is
/// left to itself: the system's resolver cannot be interrupted, and a name server that hangs holds up neither
/// other names nor the end of the process. Thread safety: safe.
class lookup_service : public std::enable_shared_from_this<lookup_service> {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// With a resolver other than the system's: for tests.
    static std::shared_ptr<lookup_service>
    make(resolve_function resolve, lookup_params const& params = lookup_params());

    /// The one of the process.
    static std::shared_ptr<lookup_service> const& shared();

    /// The addresses of a name, `until` at the latest. An address as text stands for itself.
    /// Cancellation: all types; the look-up goes on for others, and for the next time.
    /// Errors: `errc::resolve_failed` when there is no such name, the name servers fail, give no answer
    /// before `until`, or too many look-ups hang already; `errc::cancelled`. The message names the host and
    /// what to check.
    boost::asio::awaitable<result<lookup_answer>>
    look_up(boost::asio::any_io_executor executor, std::string host, time_point until);

    /// The addresses of this answer do not work: the next look-up asks anew.
    void distrust(std::string const& host, lookup_answer const& answer);

private:
    class stay;

    lookup_service(resolve_function resolve, lookup_params const& params);
    lookup_decision ask(std::string const& host, std::shared_ptr<lookup_waiter> const& waiter);
    void start(std::string const& host, std::uint64_t lookup);
    void finish(std::string const& host, std::uint64_t lookup, resolution found);
    result<lookup_answer> overdue(std::string const& host, time_point until);
    failure refusal(std::string const& host);

    resolve_function resolve_;
    std::mutex mutex_; ///< of what follows
    lookup_state state_;
    std::multimap<std::string, std::shared_ptr<lookup_waiter>> waiters_;
};

}
