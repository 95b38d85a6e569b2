#include "io/shared_gate.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace allot {
namespace {

constexpr std::chrono::minutes memory{10};
constexpr std::chrono::milliseconds report_interval{10};

}

/// Lanes that have something to hear.
class shared_gate::call_list {
public:
    void add(lane_record const& lane) { all_.push_back({lane.life, lane.front}); }

    /// Not under the lock: an executor may run what it is given at once.
    void make() const {
        for (auto const& each : all_)
            // All that refers to the context is done in here, the last reference to the front included.
            each.life->while_there([&each] {
                auto front = each.front.lock();
                if (!front)
                    return;
                auto const executor = front->front_executor();
                boost::asio::post(executor, [front = std::move(front)] { front->gate_changed(); });
            });
    }

private:
    struct called {
        std::shared_ptr<context_life> life;
        std::weak_ptr<gate_front> front;
    };
    std::vector<called> all_;
};

/// One visit under the lock.
class shared_gate::visit {
public:
    visit(shared_gate& gate, time_point now) : gate_(gate), lock_(gate.mutex_) {
        gate.latest_ = std::max(gate.latest_, now);
    }
    /// By the client of a lane, on its strand.
    visit(shared_gate& gate, time_point now, lane_id guest) : visit(gate, now) {
        guest_ = guest;
        count(guest);
        auto const recent = own().passage->take_latencies();
        if (recent.answers != 0)
            gate.state_.on_latencies(this->now(), recent.answers, recent.shortest);
        gate.state_.on_heard(guest);
    }
    time_point now() const noexcept { return gate_.latest_; }

    void count_all() {
        for (lane_id which = 0; which != gate_.lanes_.size(); ++which)
            if (gate_.lanes_[which].life)
                count(which);
    }

    void admit_all() {
        take_back();
        if (!gate_.state_.has_waiters())
            return;
        while (auto const admitted = gate_.state_.admit_next(now()))
            gate_.lanes_[admitted->ticket.lane].inbox.push_back(*admitted);
    }

    news take() {
        news out;
        out.admitted = std::exchange(own().inbox, {});
        out.parked = gate_.state_.parked_until(now(), *guest_);
        out.free = lets_pass();
        if (out.parked || out.free)
            gate_.state_.clear_line(*guest_);
        if (gate_.state_.has_waiters(*guest_))
            out.wake_at = gate_.state_.wake_at(now());
        own().told = out.wake_at;
        own().called = false;
        return out;
    }

    bool lets_pass() const { return gate_.state_.is_free(now()) && gate_.lanes_[*guest_].passage->wanted(); }

    /// The last of a visit. `also` is called whatever there is.
    void end(std::optional<lane_id> also = std::nullopt) {
        call_list to_make;
        if (also)
            call(gate_.lanes_[*also], to_make);
        tell_if_free(to_make);
        auto const wake_at = gate_.state_.wake_at(now());
        for (lane_id which = 0; which != gate_.lanes_.size(); ++which) {
            auto& each = gate_.lanes_[which];
            if (!each.life)
                continue;
            // The guest waits on its own account, but for what it did not take.
            if (!each.inbox.empty())
                gate_.state_.on_called(now(), which);
            if (has_to_hear(which, wake_at))
                call(each, to_make);
        }
        lock_.unlock();
        to_make.make();
    }

private:
    lane_record& own() { return gate_.lanes_[*guest_]; }

    void count(lane_id which) {
        auto& each = gate_.lanes_[which];
        auto const found = each.passage->counted();
        auto const& before = each.counted;
        if (found.in == before.in && found.out == before.out)
            return;
        throttle_gate_state::passage sum;
        sum.in = static_cast<std::size_t>(found.in - before.in);
        sum.out = static_cast<std::size_t>(found.out - before.out);
        sum.units = found.units - before.units;
        sum.latencies = std::chrono::nanoseconds(found.latencies - before.latencies);
        each.counted = found;
        gate_.state_.pass(now(), which, each.passed_with, sum);
    }

    /// What a client did not come for goes to others.
    void take_back() {
        for (lane_id which = 0; which != gate_.lanes_.size(); ++which) {
            auto& each = gate_.lanes_[which];
            if (!each.life || each.inbox.empty() || !gate_.state_.is_silent(now(), which))
                continue;
            for (auto const& given : std::exchange(each.inbox, {}))
                gate_.state_.put_back(given);
        }
    }

    /// Whether the gate is free changes for all at once. Who passed until then is counted then.
    void tell_if_free(call_list& to_make) {
        auto const seen = gate_.state_.now_seen();
        bool const free = gate_.state_.is_free(now());
        auto& opening = gate_.word_.opening;
        bool const was_free = opening.load(std::memory_order_relaxed) != 0;
        if (was_free && (!free || seen != gate_.opened_with_)) {
            opening.store(0, std::memory_order_release);
            count_all();
            for (lane_id which = 0; which != gate_.lanes_.size(); ++which)
                if (gate_.lanes_[which].life && which != guest_)
                    call(gate_.lanes_[which], to_make);
        }
        if (free && opening.load(std::memory_order_relaxed) == 0) {
            gate_.opened_with_ = seen;
            opening.store(++gate_.openings_, std::memory_order_release);
        }
        if (guest_)
            open_passage(free);
    }

    void open_passage(bool free) {
        if (!free || !own().passage->wanted())
            return own().passage->close();
        own().passed_with = gate_.opened_with_;
        own().passage->open(gate_.openings_, gate_.opened_with_, now() + report_interval);
    }

    static void call(lane_record& lane, call_list& to_make) {
        if (!std::exchange(lane.called, true))
            to_make.add(lane);
    }

    bool has_to_hear(lane_id which, std::optional<time_point> wake_at) const {
        auto const& each = gate_.lanes_[which];
        if (!each.inbox.empty())
            return true;
        if (gate_.state_.has_waiters(which))
            return (wake_at && (!each.told || *each.told > *wake_at)) ||
                   gate_.state_.parked_until(gate_.latest_, which);
        return false;
    }

    shared_gate& gate_;
    std::unique_lock<std::mutex> lock_;
    std::optional<lane_id> guest_;
};

shared_gate::lane_id shared_gate::join(
    std::weak_ptr<gate_front> front, boost::asio::any_io_executor const& executor, free_passage& own,
    throttle_gate_params const& params) {
    auto life = context_life::of(executor.context());
    visit here(*this, time_point::min());
    auto const added = state_.add_lane(params);
    if (lanes_.size() <= added)
        lanes_.resize(added + 1);
    own.want(!params.max_rate);
    lanes_[added].front = std::move(front);
    lanes_[added].life = std::move(life);
    lanes_[added].passage = &own;
    // There may be room for more now.
    here.admit_all();
    here.end();
    return added;
}

void shared_gate::part(lane_id lane) {
    visit here(*this, time_point::min());
    here.count_all();
    state_.remove_lane(lane);
    lanes_[lane] = {};
    here.admit_all();
    here.end();
}

std::optional<shared_gate::ticket> shared_gate::try_enter(time_point now, lane_id lane, std::uint32_t calls) {
    visit here(*this, now, lane);
    auto const entered = state_.try_enter(here.now(), lane, calls);
    here.end();
    return entered;
}

std::optional<shared_gate::time_point> shared_gate::parked_until(time_point now, lane_id lane) const {
    std::lock_guard const lock(mutex_);
    return state_.parked_until(std::max(latest_, now), lane);
}

shared_gate::news shared_gate::look(time_point now, lane_id lane, std::span<newcomer const> newcomers) {
    visit here(*this, now, lane);
    for (auto const& each : newcomers)
        state_.wait(each.waiter, lane, each.calls);
    here.admit_all();
    auto out = here.take();
    here.end();
    return out;
}

std::optional<shared_gate::news>
shared_gate::leave(time_point now, ticket const& entered, departure const& how) {
    visit here(*this, now, entered.lane);
    if (how.kind != departure_kind::answered || how.load)
        here.count_all();
    state_.leave(here.now(), entered, how);
    if (how.kind == departure_kind::throttled)
        kept_until_ = here.now() + memory;
    word_.holds.store(state_.holds(), std::memory_order_release);
    here.admit_all();
    std::optional<news> out;
    if (state_.has_waiters(entered.lane) || !lanes_[entered.lane].inbox.empty())
        out = here.take();
    here.end();
    return out;
}

shared_gate::news
shared_gate::settle(time_point now, ticket& entered, departure const& how, std::uint32_t calls) {
    visit here(*this, now, entered.lane);
    here.count_all();
    state_.settle(here.now(), entered, how, calls);
    if (how.kind == departure_kind::throttled)
        kept_until_ = here.now() + memory;
    word_.holds.store(state_.holds(), std::memory_order_release);
    here.admit_all();
    auto out = here.take();
    here.end();
    return out;
}

void shared_gate::give_back(time_point now, ticket const& unused, bool called) {
    visit here(*this, now);
    here.count_all();
    state_.leave(here.now(), unused, {});
    here.admit_all();
    here.end(called ? std::optional(unused.lane) : std::nullopt);
}

void shared_gate::cancel(time_point now, lane_id lane, waiter_id waiter) {
    visit here(*this, now);
    if (!state_.cancel(waiter)) {
        auto& inbox = lanes_[lane].inbox;
        auto const is_it = [waiter](admission const& each) { return each.waiter == waiter; };
        auto const found = std::find_if(inbox.begin(), inbox.end(), is_it);
        if (found != inbox.end()) {
            state_.leave(here.now(), found->ticket, {});
            inbox.erase(found);
        }
    }
    here.admit_all();
    here.end();
}

shared_gate::figures shared_gate::read(time_point now) const {
    std::lock_guard const lock(mutex_);
    now = std::max(latest_, now);
    return {
        state_.held_total(now), state_.held_until(now), state_.throttled_until(now), state_.rate(now),
        state_.limit()};
}

}
