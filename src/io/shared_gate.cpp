#include "io/shared_gate.hpp"

#include "io/credential_key.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace allot {
namespace {

constexpr std::chrono::minutes memory{10};

/// Never destroyed: clients of static life may outlive any static object of ours.
struct gate_registry {
    struct entry {
        std::weak_ptr<token_credential> credential;
        std::shared_ptr<shared_gate> gate;
    };

    std::mutex mutex;
    std::map<std::string, entry> gates;

    static gate_registry& instance() {
        static auto* const only = new gate_registry;
        return *only;
    }
};

bool is_same(std::weak_ptr<token_credential> const& a, std::shared_ptr<token_credential> const& b) {
    return !a.owner_before(b) && !b.owner_before(a);
}

}

/// One visit under the lock.
class shared_gate::session {
public:
    session(shared_gate& gate, time_point now) : gate_(gate), lock_(gate.mutex_) {
        gate.latest_ = std::max(gate.latest_, now);
    }
    time_point now() const noexcept { return gate_.latest_; }

    void admit_all() {
        if (!gate_.state_.has_waiters())
            return;
        while (auto const admitted = gate_.state_.admit_next(now()))
            gate_.lanes_[admitted->ticket.lane].inbox.push_back(*admitted);
    }

    news take(lane_id which) {
        auto& own = gate_.lanes_[which];
        news out;
        out.admitted = std::exchange(own.inbox, {});
        if (auto const parked = gate_.state_.parked_until(now(), which)) {
            gate_.state_.clear_line(which);
            out.parked = parked;
        }
        if (gate_.state_.has_waiters(which))
            out.wake_at = gate_.state_.wake_at(now());
        own.told = out.wake_at;
        own.called = false;
        return out;
    }

    /// Calls all lanes that have something to hear. Under the lock, so that none parts meanwhile; and no
    /// front is kept, so that none is destroyed on a thread that is not its own.
    void end() {
        auto const wake_at = gate_.state_.wake_at(now());
        for (lane_id which = 0; which != gate_.lanes_.size(); ++which) {
            auto& each = gate_.lanes_[which];
            if (!each.life || each.called || !has_to_hear(which, wake_at))
                continue;
            each.called = true;
            each.life->while_there([&each] {
                boost::asio::post(each.executor, [weak = each.front] {
                    if (auto const front = weak.lock())
                        front->gate_changed();
                });
            });
        }
    }

private:
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
    std::lock_guard<std::mutex> lock_;
};

std::shared_ptr<shared_gate>
shared_gate::of(std::shared_ptr<token_credential> const& credential, std::string_view host) {
    auto const named = credential->throttle_key();
    auto key = key_or_object(named, *credential);
    key.append("\n").append(host);
    auto const now = std::chrono::steady_clock::now();
    auto& all = gate_registry::instance();
    std::lock_guard const lock(all.mutex);
    std::erase_if(all.gates, [now](auto const& each) {
        // A gate that others hold is in use, or just about to be.
        return each.second.gate.use_count() == 1 && !each.second.gate->worth_keeping(now);
    });
    auto& known = all.gates[std::move(key)];
    // Another object may have got the address of one that is gone.
    bool const stranger = named.empty() && !is_same(known.credential, credential);
    if (!known.gate || stranger)
        known = {credential, std::make_shared<shared_gate>()};
    return known.gate;
}

bool shared_gate::worth_keeping(time_point now) const {
    std::lock_guard const lock(mutex_);
    return state_.held_until(now) || now < kept_until_;
}

shared_gate::lane_id shared_gate::join(
    std::weak_ptr<gate_front> front, boost::asio::any_io_executor const& executor,
    throttle_gate_params const& params) {
    std::lock_guard const lock(mutex_);
    auto const added = state_.add_lane(params);
    if (lanes_.size() <= added)
        lanes_.resize(added + 1);
    lanes_[added].front = std::move(front);
    lanes_[added].executor = executor;
    lanes_[added].life = context_life::of(executor.context());
    return added;
}

void shared_gate::part(lane_id lane) {
    std::lock_guard const lock(mutex_);
    state_.remove_lane(lane);
    lanes_[lane] = {};
}

std::optional<shared_gate::ticket> shared_gate::try_enter(time_point now, lane_id lane) {
    std::lock_guard const lock(mutex_);
    latest_ = std::max(latest_, now);
    return state_.try_enter(latest_, lane);
}

std::optional<shared_gate::time_point> shared_gate::parked_until(time_point now, lane_id lane) const {
    std::lock_guard const lock(mutex_);
    return state_.parked_until(std::max(latest_, now), lane);
}

shared_gate::news shared_gate::wait(time_point now, lane_id lane, waiter_id waiter) {
    session visit(*this, now);
    state_.wait(waiter, lane);
    visit.admit_all();
    auto out = visit.take(lane);
    visit.end();
    return out;
}

shared_gate::news shared_gate::look(time_point now, lane_id lane) {
    session visit(*this, now);
    visit.admit_all();
    auto out = visit.take(lane);
    visit.end();
    return out;
}

std::optional<shared_gate::news>
shared_gate::leave(time_point now, ticket const& entered, departure const& how) {
    session visit(*this, now);
    state_.leave(visit.now(), entered, how);
    if (how.kind == departure_kind::throttled)
        kept_until_ = visit.now() + memory;
    holds_.store(state_.holds(), std::memory_order_release);
    if (!state_.has_waiters())
        return std::nullopt;
    visit.admit_all();
    std::optional<news> out;
    if (state_.has_waiters(entered.lane) || !lanes_[entered.lane].inbox.empty())
        out = visit.take(entered.lane);
    visit.end();
    return out;
}

void shared_gate::give_back(time_point now, ticket const& unused) {
    session visit(*this, now);
    state_.leave(visit.now(), unused, {});
    visit.admit_all();
    visit.end();
}

void shared_gate::cancel(time_point now, lane_id lane, waiter_id waiter) {
    session visit(*this, now);
    if (!state_.cancel(waiter)) {
        auto& inbox = lanes_[lane].inbox;
        auto const is_it = [waiter](admission const& each) { return each.waiter == waiter; };
        auto const found = std::find_if(inbox.begin(), inbox.end(), is_it);
        if (found != inbox.end()) {
            state_.leave(visit.now(), found->ticket, {});
            inbox.erase(found);
        }
    }
    visit.admit_all();
    visit.end();
}

shared_gate::figures shared_gate::read(time_point now) const {
    std::lock_guard const lock(mutex_);
    now = std::max(latest_, now);
    return {
        state_.held_total(now), state_.held_until(now), state_.throttled_until(now), state_.rate(now),
        state_.limit()};
}

}
