#pragma once

#include <chrono>
#include <cstdint>

namespace allot {

/// How often one client may send again: over any 60 s at most 20 % of the requests of that time plus 300
/// (5 per second), even when every attempt fails, so that retries cannot keep a struggling server down.
/// A token bucket: each request puts in a fifth of a token, time 4.5 a second, a retry takes one; it holds 30
/// and starts full. 30 + 60 x 4.5 are the 300. An empty bucket defers a retry and never fails it.
/// Times must not go back. Thread safety: distinct objects: safe; shared: unsafe.
class retry_budget {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit retry_budget(time_point now) noexcept : filled_at_(now) {}

    /// For the first attempt of a result.
    void on_request(time_point now) noexcept;

    /// Takes a token for one retry, if there is one.
    bool try_take(time_point now) noexcept;

    /// When a token is there at the latest, by time alone and if no one else takes it; `now` when one is
    /// there already.
    time_point next_at(time_point now) noexcept;

private:
    void fill(time_point now) noexcept;

    // In a unit of which 4.5 tokens a second are a whole number a nanosecond, so that sums are exact.
    static constexpr std::int64_t token = 2'000'000'000;
    static constexpr std::int64_t gain_per_ns = 9;
    static constexpr std::int64_t capacity = 30 * token;

    std::int64_t balance_ = capacity;
    time_point filled_at_;
};

}
