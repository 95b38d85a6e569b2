#pragma once

#include "protocol/throttle_gate_state.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <queue>
#include <random>
#include <vector>

namespace allot::test {

/// How the answers of a tenant become slower with load.
enum class slowness {
    none,
    with_rate,      ///< up to half as long again, as the rate comes to that of the budget
    with_emptiness, ///< up to twice as long, as the bucket becomes empty
};

struct tenant_params {
    double per_second = 350;               ///< units that refill the bucket
    std::chrono::milliseconds latency{20}; ///< of a request and its answer together, without load
    slowness slows = slowness::none;
    double burst_seconds = 10; ///< what the bucket holds (Graph: units per 10 s)
    std::chrono::milliseconds retry_after{10'000};
    double cost = 1;         ///< units a call
    double full = 1;         ///< part of the bucket that is full at first
    bool shows_load = false; ///< from four fifths of its bucket on (x-ms-throttle-limit-percentage)
    unsigned seed = 1;       ///< of the jitter of latencies
};

inline std::ostream& operator<<(std::ostream& out, tenant_params const& value) {
    return out << value.per_second << "/s, " << value.latency.count() << " ms, slowness "
               << static_cast<int>(value.slows) << ", burst " << value.burst_seconds << " s, Retry-After "
               << value.retry_after.count() << " ms, cost " << value.cost << ", seed " << value.seed;
}

/// Graph's bucket as documented: the request that finds it empty begins a block; all requests in a block are
/// refused. A request is early when it was sent after the answer that told of the block; it prolongs it.
class modelled_tenant {
public:
    using time_point = std::chrono::steady_clock::time_point;
    struct verdict {
        std::optional<std::chrono::milliseconds> retry_after{};
        std::optional<double> load{};
        bool granted() const { return !retry_after; }
    };

    explicit modelled_tenant(tenant_params const& params) :
        params_(params),
        level_(params.full * params.per_second * params.burst_seconds),
        random_(params.seed) {}

    void set_rate(time_point now, double per_second) {
        refill(now);
        params_.per_second = per_second;
        level_ = std::min(level_, capacity());
    }

    /// Of the way there; the way back takes the same.
    std::chrono::nanoseconds one_way() {
        double factor = 1;
        if (params_.slows == slowness::with_rate)
            factor += std::min(recent_ / params_.per_second, 1.0) / 2;
        if (params_.slows == slowness::with_emptiness)
            factor += std::pow(1 - level_ / capacity(), 2);
        factor *= std::uniform_real_distribution<double>(0.9, 1.2)(random_);
        return std::chrono::duration_cast<std::chrono::nanoseconds>(params_.latency * factor / 2);
    }

    verdict arrive(time_point now, bool early) {
        refill(now);
        if (early)
            ++early_;
        if (now < blocked_until_) {
            if (early)
                blocked_until_ = now + params_.retry_after;
        } else if (level_ >= params_.cost) {
            level_ -= params_.cost;
            recent_ += params_.cost;
            auto const load = 1 - level_ / capacity();
            return {{}, params_.shows_load && load >= 0.8 ? std::optional(load) : std::nullopt};
        } else {
            blocked_until_ = now + params_.retry_after;
        }
        return {std::chrono::ceil<std::chrono::seconds>(blocked_until_ - now), {}};
    }

    double cost() const { return params_.cost; }
    std::size_t early() const { return early_; }

private:
    double capacity() const { return params_.per_second * params_.burst_seconds; }
    void refill(time_point now) {
        auto const passed = std::chrono::duration<double>(now - filled_).count();
        level_ = std::min(level_ + passed * params_.per_second, capacity());
        recent_ *= std::exp(-passed);
        filled_ = now;
    }

    tenant_params params_;
    double level_;
    double recent_ = 0; // units of about the last second
    std::mt19937_64 random_;
    time_point filled_{std::chrono::hours{1}}; // when the job begins
    time_point blocked_until_ = time_point::min();
    std::size_t early_ = 0;
};

/// A job of any number of calls against a tenant: callers that each send one request after the other through
/// the gate, in simulated time.
class simulated_job {
public:
    using time_point = modelled_tenant::time_point;

    simulated_job(tenant_params const& params, std::size_t callers) :
        tenant_(params),
        callers_(callers),
        gate_(throttle_gate_params{.max_in_flight = callers}) {}

    /// From `at` on the budget is another one.
    void change_rate(std::chrono::nanoseconds at, double per_second) {
        schedule({start + at, 0, kind::change, {}, per_second, {}});
    }

    /// Runs until the time is over or `calls` have been granted.
    void run(std::chrono::nanoseconds time, std::size_t calls = SIZE_MAX) {
        end_ = start + time;
        calls_ = calls;
        for (std::size_t caller = 0; caller != callers_; ++caller)
            come(caller);
        admit();
        while (!events_.empty() && !finished()) {
            auto const next = events_.top();
            if (next.at >= end_)
                break;
            events_.pop();
            now_ = next.at;
            handle(next);
        }
    }

    /// Units granted from one time to another, in whole tenths of a second.
    double granted(std::chrono::milliseconds from, std::chrono::milliseconds to) const {
        double sum = 0;
        for (auto at = from / tick; at < to / tick && at < std::ssize(grants_); ++at)
            sum += grants_[static_cast<std::size_t>(at)];
        return sum;
    }
    std::size_t requests() const { return requests_; }
    std::size_t refused() const { return refused_; }
    std::size_t early() const { return tenant_.early(); }
    /// How often the limit was cut although nothing new was refused.
    std::size_t cuts_twice() const { return cuts_twice_; }
    std::chrono::nanoseconds duration() const { return now_ - start; }
    throttle_gate_state const& gate() const { return gate_; }

private:
    enum class kind { arrives, returns, wakes, change };
    struct event {
        time_point at;
        std::uint64_t number; // first of those at the same time
        kind what;
        throttle_gate_state::ticket ticket;
        double value;
        modelled_tenant::verdict said;
        std::size_t caller = 0;
        time_point sent{};

        bool operator<(event const& other) const {
            return at != other.at ? at > other.at : number > other.number;
        }
    };
    static constexpr std::chrono::milliseconds tick{100};
    static constexpr time_point start{std::chrono::hours{1}};

    bool finished() const { return granted_calls_ >= calls_; }
    void schedule(event what) {
        what.number = ++numbers_;
        events_.push(what);
    }

    void come(std::size_t caller) {
        if (sent_ok_ + under_way_ >= calls_)
            return;
        ++under_way_;
        if (auto const entered = gate_.try_enter(now_))
            send(caller, *entered);
        else
            gate_.wait(caller);
    }

    void send(std::size_t caller, throttle_gate_state::ticket const& entered) {
        ++requests_;
        schedule({now_ + tenant_.one_way(), 0, kind::arrives, entered, 0, {}, caller, now_});
    }

    void admit() {
        while (auto const admitted = gate_.admit_next(now_))
            send(admitted->waiter, admitted->ticket);
        if (auto const at = gate_.wake_at(now_); at && (wake_ <= now_ || *at < wake_)) {
            wake_ = *at;
            schedule({*at, 0, kind::wakes, {}, 0, {}});
        }
    }

    void handle(event const& what) {
        switch (what.what) {
        case kind::arrives:
            arrive(what);
            return;
        case kind::returns:
            leave(what);
            break;
        case kind::wakes:
            if (what.at != wake_)
                return;
            wake_ = time_point::min();
            break;
        case kind::change:
            tenant_.set_rate(now_, what.value);
            return;
        }
        admit();
    }

    void arrive(event what) {
        bool const early = what.sent > told_ && what.sent < told_until_;
        auto const verdict = tenant_.arrive(now_, early);
        what.said = verdict;
        what.what = kind::returns;
        auto const sent = what.at;
        what.at = now_ + tenant_.one_way();
        if (verdict.granted())
            count(sent);
        schedule(what);
    }

    void count(time_point at) {
        auto const slot = static_cast<std::size_t>((at - start) / tick);
        grants_.resize(std::max(grants_.size(), slot + 1));
        grants_[slot] += tenant_.cost();
    }

    void leave(event const& what) {
        departure how;
        how.latency = now_ - what.sent;
        --under_way_;
        how.load = what.said.load;
        if (!what.said.granted()) {
            ++refused_;
            how.kind = departure_kind::throttled;
            how.hint = what.said.retry_after;
            told_ = now_;
            told_until_ = std::max(told_until_, now_ + *how.hint);
        } else {
            ++granted_calls_;
            ++sent_ok_;
            how.kind = departure_kind::answered;
            if (tenant_.cost() != 1)
                how.units = tenant_.cost();
        }
        bool const echo = !what.said.granted() && gate_.outdated(what.ticket);
        auto const limit = gate_.limit();
        auto const rate = gate_.rate(now_);
        gate_.leave(now_, what.ticket, how);
        if (echo && (gate_.limit() != limit || gate_.rate(now_).value_or(1e9) < 0.95 * rate.value_or(0)))
            ++cuts_twice_;
        come(what.caller);
    }

    modelled_tenant tenant_;
    std::size_t callers_;
    throttle_gate_state gate_;
    std::priority_queue<event> events_;
    time_point now_ = start;
    time_point end_ = start;
    time_point wake_ = time_point::min();
    time_point told_ = time_point::min();
    time_point told_until_ = time_point::min();
    std::uint64_t numbers_ = 0;
    std::size_t calls_ = SIZE_MAX;
    std::size_t requests_ = 0;
    std::size_t refused_ = 0;
    std::size_t cuts_twice_ = 0;
    std::size_t granted_calls_ = 0;
    std::size_t sent_ok_ = 0;
    std::size_t under_way_ = 0;
    std::vector<double> grants_;
};

}
