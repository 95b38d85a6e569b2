#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace allot {

/// A number that one thread counts and others read.
class live_count {
public:
    live_count& operator+=(std::uint64_t more) noexcept { return *this = value() + more; }
    live_count& operator-=(std::uint64_t less) noexcept { return *this = value() - less; }
    live_count& operator++() noexcept { return *this = value() + 1; }
    live_count& operator=(std::uint64_t value) noexcept {
        value_.store(value, std::memory_order_relaxed);
        return *this;
    }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// What an exchange counts. Written on its strand, read anywhere; numbers read together may differ by what
/// happened between.
struct live_stats {
    live_count requests;
    live_count retries;
    live_count throttled;
    live_count in_flight;
    live_count connections_opened;
    live_count sessions_resumed;
    static constexpr std::chrono::seconds unknown_offset = std::chrono::seconds::min();
    std::atomic<std::chrono::seconds> issuer_clock_offset{unknown_offset};
};

}
