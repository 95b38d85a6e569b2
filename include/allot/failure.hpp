#pragma once

#include <allot/error.hpp>

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace allot {

/// Why the retry loop ended without a good answer.
enum class end_reason {
    permanent, ///< trying again cannot help
    attempts,  ///< `retry_params::max_attempts` were made
    deadline,  ///< the overall deadline passed, or would pass before the next attempt
    cancelled, ///< the caller cancelled
    parked,    ///< the wait Graph asked for exceeds `retry_params::max_wait`
};

/// The enumerator's name: "permanent", "attempts", ...
char const* to_string(end_reason value) noexcept;

/// What is known of the requests behind one result. Holds no secret.
struct exchange_info {
    int http_status = 0;           ///< of the last answer; 0 when none arrived
    std::uint32_t attempts = 0;    ///< requests sent; not counted are one that a stale connection lost and
                                   ///< those repeated with another token
    std::string request_id;        ///< Graph's `request-id` of the last answer; may be empty
    std::string client_request_id; ///< the `client-request-id` sent with the last attempt
    std::chrono::nanoseconds duration{}; ///< from the call to the result, waits included
};

/// A failed operation with its diagnostics. Never holds a token or another secret.
struct failure {
    error_code code;        ///< an `errc`
    error_code cause;       ///< what the system, OpenSSL or the resolver said; may be unset
    std::string message;    ///< for people: what was tried, what came back, what to do
    std::string graph_code; ///< the most specific `code` of Graph's error body, or the `error` of a token
                            ///< endpoint's; may be empty
    end_reason reason = end_reason::permanent;
    /// When to ask again: set when parked, and by sources of tokens that asked for a wait.
    std::optional<std::chrono::system_clock::time_point> retry_at;
    exchange_info exchange;
};

/// One line for logs and terminals: message, then status, Graph code, ids and attempts where known.
std::string to_string(failure const& value);

/// Thrown by `result<T>::value()` when there is no value.
class failure_error : public boost::system::system_error {
public:
    explicit failure_error(failure value);
    failure const& diagnostics() const noexcept { return failure_; }

private:
    failure failure_;
};

[[noreturn]] void throw_exception_from_error(failure const& value, boost::source_location const& where);

/// A value or the `failure` that stands in its place.
template <class T>
using result = boost::system::result<T, failure>;

}
