#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace allot {

/// How slow an answer may be; see `transport_params`.
struct answer_pace_params {
    std::chrono::milliseconds header_timeout{};
    std::chrono::milliseconds read_timeout{};
    std::uint32_t least_rate = 0; ///< bytes per second; 0: any
};

/// Whether an answer comes fast enough, so that a peer that sends it byte by byte, or stops in its midst,
/// costs a bounded time. Asks for no timer of its own for each read: an answer that comes at once costs one
/// deadline, others are looked at when `next_check` has come.
class answer_pace {
public:
    using time_point = std::chrono::steady_clock::time_point;

    enum class verdict {
        good,
        late,        ///< not complete at its deadline
        slow_fields, ///< status line and fields are not complete after `header_timeout`
        silent,      ///< it has begun, and nothing came for `read_timeout`
        slow_body,   ///< less than `least_rate` over `read_timeout`
    };

    /// `sent` is when the request was begun, `until` the deadline of the whole.
    answer_pace(answer_pace_params const& params, time_point sent, time_point until) noexcept :
        params_(params),
        until_(until),
        header_until_(sent + params.header_timeout) {}

    /// Bytes have come, and the answer is not complete. `fields_done`: status line and fields are. `size` is
    /// what came on the line; that of a record of TLS that is not complete counts too, once an answer has
    /// begun.
    void on_bytes(time_point now, std::size_t size, bool fields_done) noexcept;

    /// When to `check`. Moves to an earlier time only by `on_bytes`.
    time_point next_check() const noexcept;

    /// After `good`, `next_check` is later than `now`. Another verdict stays.
    verdict check(time_point now) noexcept;

    /// The last verdict in words; without meaning after `good`.
    std::string reason() const;

private:
    enum class phase { waiting, fields, body };

    verdict judge(time_point now) noexcept;
    bool enough() const noexcept;

    answer_pace_params params_;
    time_point until_;
    time_point header_until_;
    phase phase_ = phase::waiting;
    time_point last_bytes_;
    time_point span_begin_; ///< of the body that `span_bytes_` have come of
    std::uint64_t span_bytes_ = 0;
    verdict verdict_ = verdict::good;
};

}
