#pragma once

#include <allot/assignment_list.hpp>
#include <allot/assignment_pages.hpp>
#include <allot/assignment_ref.hpp>
#include <allot/batch.hpp>
#include <allot/failure.hpp>
#include <allot/model.hpp>
#include <allot/params.hpp>
#include <allot/query.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace allot {

/// What a client has done so far and does now.
struct client_stats {
    std::uint64_t requests = 0;  ///< sent to Graph, retries included
    std::uint64_t retries = 0;   ///< sent again for a result
    std::uint64_t throttled = 0; ///< answers 429 and 509, and 503 with Retry-After
    std::uint64_t connections_opened = 0;
    std::uint64_t sessions_resumed = 0; ///< TLS handshakes that resumed a session
    std::uint64_t in_flight = 0;        ///< requests sent and not answered yet
    std::chrono::nanoseconds held{};    ///< time in which the throttle gate was closed
    std::optional<std::chrono::steady_clock::time_point> held_until; ///< set while the gate is closed
    /// Resource units a second that requests are paced at, as learned from Graph's answers; none while any
    /// number may be sent. This and the next are common to all clients of the same application and host.
    std::optional<double> unit_rate;
    std::size_t request_limit = 0; ///< most requests under way at once, as learned
    /// How far the clock of the token's issuer is ahead of this machine's; none where it did not say.
    std::optional<std::chrono::seconds> issuer_clock_offset;
};

class client_impl;

/// Reads allotments and assignments from Graph over a pool of TLS connections.
///
/// For several cores, a client for each thread, each on an `io_context` of its own that one thread runs, with
/// parameters that hold the same credential: clients of the same application and host have one token and one
/// throttle gate, whatever threads they are on, and share no lock while Graph does not throttle.
/// `connections` and `max_rate` are those of each.
///
/// Lifetimes: operations keep what they need; destroying the client lets them end and closes idle
/// connections. Thread safety: distinct objects: safe; shared: safe (the client runs on a strand of its
/// executor).
class client {
public:
    client(client&&) noexcept;
    client& operator=(client&&) noexcept;
    ~client();

    /// The allotment that one assignment draws from
    /// (`GET /{scope}/cloudLicensing/assignments/{id}/allotment`).
    /// Cancellation: all types that the caller's coroutine lets through (by default: terminal); ends with
    /// `errc::cancelled`, the client stays usable.
    /// Errors: as `errc` says; `no_allotment` and `not_found` are findings, not faults.
    boost::asio::awaitable<result<allotment>> get_allotment(assignment_ref reference, query options = {});

    /// The allotments of many assignments, in completion order, with bounded memory. Starts at once.
    batch get_allotments(reference_source references, query options = {}, batch_params params = {});

    /// The assignments of the tenant, a user or a group, page by page
    /// (`GET /{scope}/cloudLicensing/assignments`). `options` selects members of the assignments and expands
    /// "allotment" and "assignedTo". Nothing is sent before the first `assignment_pages::next`.
    assignment_pages list_assignments(list_scope scope, query options = {}, list_params params = {});

    client_stats stats() const;

    /// Before this time no further request is sent to Graph: it asked all clients of the same application and
    /// host to wait, or the next is not due yet at the rate it was found to grant. Nothing when one may be
    /// sent at once. For callers that would rather do something else than wait; with
    /// `retry_params::max_wait` 0 the operations do not wait for the end of a hold either, but fail with
    /// `errc::parked`. A later answer can move the time. Thread safety: safe, like `stats`.
    std::optional<std::chrono::steady_clock::time_point> throttled_until() const;

private:
    friend result<client> make_client(boost::asio::any_io_executor executor, client_params params);
    explicit client(std::shared_ptr<client_impl> impl) noexcept;

    std::shared_ptr<client_impl> impl_;
};

/// Checks the parameters, reads the CA file and makes a client whose work runs on `executor`.
/// Errors: `errc::invalid_params`; the message names the parameter, its rule and the value.
result<client> make_client(boost::asio::any_io_executor executor, client_params params);

}
