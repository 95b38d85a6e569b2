#pragma once

#include <allot/assignment_ref.hpp>
#include <allot/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace allot {

/// What an observer sees of one request to Graph, in every event about it.
struct observed_request {
    std::uint64_t operation = 0; ///< numbers the client's results from 1: attempts at the same one share it
    assignment_ref const* assignment = nullptr; ///< null for a page of a list
    std::string_view path;     ///< what is asked for, percent-encoded, without the query part
    std::uint32_t attempt = 0; ///< from 1; one that does not count (`exchange_info::attempts`) has the number
                               ///< of the next
    std::string_view client_request_id; ///< sent with this attempt; empty where it came to no request
};

/// A request is about to be sent.
struct request_started {
    observed_request const& request;
};

/// A request has ended. Each that started ends, unless its context is destroyed first.
struct request_finished {
    observed_request const& request;
    int status = 0; ///< of the answer; 0 where none arrived completely
    /// An `errc`: what is wrong with the answer, or why none came; unset for one that is good. `not_found`
    /// and `no_allotment` are findings.
    error_code error;
    std::chrono::nanoseconds latency{}; ///< from the first byte sent to the end of the answer
    std::string_view request_id;        ///< Graph's; may be empty
    std::size_t bytes = 0;              ///< content that came, without its coding
};

/// Why a request is made again.
enum class retry_cause {
    failure,          ///< it failed in a way that can pass
    refused_token,    ///< with another token; this attempt does not count
    stale_connection, ///< the server had closed the connection before it came; this attempt does not count
};

/// The enumerator's name: "failure", "refused_token", "stale_connection".
char const* to_string(retry_cause value) noexcept;

/// A result needs another request.
struct request_retried {
    observed_request const& request; ///< the one that failed, or could not be sent
    retry_cause cause{};
    int status = 0;   ///< as in `request_finished`; 0 where nothing was sent
    error_code error; ///< never unset
    /// Not before this time; the throttle gate and the retry budget may move it further.
    std::chrono::steady_clock::time_point at;
    std::chrono::nanoseconds wait{}; ///< from now to `at`
};

/// The throttle gate is closed: no request is sent. It is common to all clients of the same application and
/// host. Told when an answer to this client closes it or moves its end by a second or more, before the
/// `request_finished` of that answer; and when a request of this client comes to a gate that another
/// client's answer closed.
struct gate_held {
    std::chrono::steady_clock::time_point until; ///< when the first request may enter again
    std::chrono::nanoseconds wait{};             ///< from now to `until`
    int status = 0;                              ///< of the answer; 0 where another client got it
    /// Graph's Retry-After; unset where it gave none.
    std::optional<std::chrono::milliseconds> retry_after;
    /// Which limit was reached, as Graph names it in x-ms-throttle-scope, without ids
    /// ("Tenant_Application/ReadWrite"); may be empty.
    std::string_view limit;
    std::string_view information;                   ///< x-ms-throttle-information; may be empty
    std::string_view request_id, client_request_id; ///< of the request that was throttled; may be empty
};

/// The first request of this client since `gate_held` has passed the gate.
struct gate_released {
    std::chrono::nanoseconds held{}; ///< since the first `gate_held`
};

/// A connection is ready for requests.
struct connection_opened {
    std::uint64_t connection = 0; ///< numbers the client's connections from 1
    std::string_view address;     ///< IP address of the host, or of the proxy
    std::uint16_t port = 0;
    bool proxied = false;                ///< address and port are those of a proxy
    bool resumed = false;                ///< the handshake resumed a TLS session
    std::string_view tls;                ///< "TLSv1.3"
    std::chrono::nanoseconds duration{}; ///< look-up, connect, proxy and handshake
};

/// No connection could be opened.
struct connection_failed {
    error_code error;                    ///< an `errc`
    error_code cause;                    ///< what the system, OpenSSL or the resolver said; may be unset
    std::string_view message;            ///< for people
    std::chrono::nanoseconds duration{}; ///< of the attempt
};

/// Why a connection was closed.
enum class close_cause {
    peer,     ///< the last answer was good and asked for it
    failed,   ///< it broke, or an exchange on it ended in an error, a deadline or a cancellation
    idle,     ///< `client_params::idle_timeout`
    replaced, ///< a fresh one was asked for in its place
    client,   ///< the client is destroyed
};

/// The enumerator's name: "peer", "failed", ...
char const* to_string(close_cause value) noexcept;

/// A connection is open no more. Told before the `request_finished` of a request that it broke under.
struct connection_closed {
    std::uint64_t connection = 0; ///< as in `connection_opened`
    std::string_view address;     ///< as in `connection_opened`
    std::uint16_t port = 0;
    close_cause cause{};
    error_code error;           ///< of `failed`: an `errc`
    std::uint64_t requests = 0; ///< carried
};

/// The client sends another access token from here on.
struct token_taken {
    std::string_view source; ///< `token_credential::description`
    /// Until its end; unset where that is not known.
    std::optional<std::chrono::nanoseconds> lifetime;
};

/// Sees what a client does, for logs, metrics and traces. Functions that are not overridden do nothing.
/// No event holds a token, a secret, claims or content of an answer. Text that Graph or a proxy sent is
/// passed on as it came, with a repeated token taken out: escape it before it reaches a terminal.
///
/// Called on the client's strand, in the order in which things happen, between the steps of all its requests:
/// so a call must not block, and takes its time from every request. It must not throw (the functions are
/// noexcept: it would end the process). It may call `client::stats` and `client::throttled_until`, and start,
/// cancel and destroy operations and clients.
/// Lifetimes: the client and its operations share the observer. References, pointers and views in an event
/// are valid during the call only.
/// Thread safety: an observer of several clients is called concurrently where their executors run on several
/// threads.
class observer {
public:
    virtual ~observer() = default;

    virtual void on_request_started(request_started const&) noexcept {}
    virtual void on_request_finished(request_finished const&) noexcept {}
    virtual void on_request_retried(request_retried const&) noexcept {}
    virtual void on_gate_held(gate_held const&) noexcept {}
    virtual void on_gate_released(gate_released const&) noexcept {}
    virtual void on_connection_opened(connection_opened const&) noexcept {}
    virtual void on_connection_failed(connection_failed const&) noexcept {}
    virtual void on_connection_closed(connection_closed const&) noexcept {}
    virtual void on_token_taken(token_taken const&) noexcept {}
};

}
