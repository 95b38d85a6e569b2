#pragma once

#include "protocol/throttle_gate_state.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace allot {

/// Where one client's requests come and go while their gate is free: without the gate's lock, and without a
/// word that other threads write. The gate counts them from here, in sums.
/// Thread safety: one strand; `counted`: safe.
class free_passage {
public:
    using time_point = throttle_gate_state::time_point;
    using mark = throttle_concurrency::mark;
    using ticket = throttle_gate_state::ticket;

    /// Of all requests so far.
    struct counts {
        std::uint64_t in = 0;
        std::uint64_t out = 0;
        double units = 0;
        std::uint64_t latencies = 0; ///< ns
    };
    struct latencies {
        std::size_t answers = 0;
        std::chrono::nanoseconds shortest = std::chrono::nanoseconds::max();
    };

    /// A client that counts each of its requests at the gate wants no such passage.
    void want(bool value) noexcept { wanted_ = value; }
    bool wanted() const noexcept { return wanted_; }

    /// From now on requests pass while the gate's number is still `opening`, which is not 0.
    void open(std::uint64_t opening, mark const& seen, time_point report_at) noexcept {
        opening_ = opening;
        seen_ = seen;
        report_at_ = report_at;
    }
    void close() noexcept { opening_ = 0; }
    bool is_open(std::uint64_t opening) const noexcept { return opening_ != 0 && opening_ == opening; }

    ticket enter(throttle_gate_state::lane_id lane) noexcept {
        add(in_, std::uint64_t{1});
        return {seen_, lane};
    }
    /// Whether a request that ends like this can leave here: it tells nothing that others have to know soon.
    bool takes(time_point now, ticket const& entered, departure const& how) const noexcept {
        return now < report_at_ && how.kind == departure_kind::answered && how.latency && !how.load &&
               !how.remaining && entered.calls == 1 && entered.seen == seen_;
    }
    void leave(departure const& how) noexcept {
        add(units_, how.units.value_or(1));
        add(latencies_, static_cast<std::uint64_t>(how.latency->count()));
        // Behind the entry, so that whoever sees the one sees the other.
        out_.store(out_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
        ++recent_.answers;
        recent_.shortest = std::min(recent_.shortest, *how.latency);
    }

    counts counted() const noexcept {
        counts found;
        found.out = out_.load(std::memory_order_acquire);
        found.in = in_.load(std::memory_order_relaxed);
        found.units = units_.load(std::memory_order_relaxed);
        found.latencies = latencies_.load(std::memory_order_relaxed);
        return found;
    }
    /// Those since the last call.
    latencies take_latencies() noexcept { return std::exchange(recent_, {}); }

private:
    // One thread writes: no need for an atomic sum.
    template <class Number>
    static void add(std::atomic<Number>& sum, Number more) noexcept {
        sum.store(sum.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
    }

    bool wanted_ = true;
    std::uint64_t opening_ = 0;
    mark seen_;
    time_point report_at_;
    latencies recent_;
    std::atomic<std::uint64_t> in_{0};
    std::atomic<std::uint64_t> out_{0};
    std::atomic<std::uint64_t> latencies_{0};
    std::atomic<double> units_{0};
};

}
