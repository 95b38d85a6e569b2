#include "protocol/throttle_gate_state.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <random>
#include <vector>

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using allot::departure;
using allot::departure_kind;
using allot::throttle_gate_params;
using allot::throttle_gate_state;
using time_point = throttle_gate_state::time_point;
using ticket = throttle_gate_state::ticket;
using waiter_id = throttle_gate_state::waiter_id;

time_point const start{1h};

// Does random things to a gate and checks each against what the gate promises. It knows the promises, not the
// machine.
class throttle_script {
public:
    throttle_script(unsigned seed, throttle_gate_params const& params) :
        params_(params),
        gate_(params),
        random_(seed) {}

    void run(int steps) {
        for (int step = 0; step != steps; ++step) {
            switch (below(8)) {
            case 0:
            case 1:
            case 2:
                arrive();
                break;
            case 3:
            case 4:
                depart(below(100));
                break;
            case 5:
                cancel();
                break;
            case 6:
                pass(milliseconds(below(1'500)));
                break;
            case 7:
                pass_until_wake_up();
                break;
            }
            admit_all();
            check_nobody_is_forgotten();
        }
        drain();
    }

    int entered() const { return static_cast<int>(entries_.size()); }
    int cuts() const { return cuts_; }

private:
    struct request {
        waiter_id id;
        ticket entered_with;
        int entered_at; // event
    };

    std::size_t below(std::size_t end) { return random_() % end; }

    void arrive() {
        auto const id = ++last_id_;
        bool const in_line = !line_.empty();
        if (auto const entered = gate_.try_enter(now_)) {
            BOOST_REQUIRE(!in_line);
            check_entry();
            inside_.push_back({id, *entered, ++event_});
        } else {
            if (!in_line)
                check_closed();
            gate_.wait(id);
            line_.push_back(id);
        }
    }

    void admit_all() {
        while (auto const admitted = gate_.admit_next(now_)) {
            BOOST_REQUIRE(!line_.empty());
            BOOST_REQUIRE(admitted->waiter == line_.front());
            line_.pop_front();
            check_entry();
            inside_.push_back({admitted->waiter, admitted->ticket, ++event_});
        }
        BOOST_REQUIRE(gate_.in_flight() == inside_.size());
    }

    std::size_t entered_since_hold() const {
        return static_cast<std::size_t>(
            std::count_if(inside_.begin(), inside_.end(), [this](auto const& each) {
                return each.entered_at > hold_event_;
            }));
    }

    void check_entry() {
        BOOST_REQUIRE((now_ >= hold_end_));
        BOOST_REQUIRE(!is_full());
        if (params_.max_rate) {
            // n + 1 entries take at least n - 1 intervals, wherever they begin.
            for (std::size_t const n : {2u, 3u, 10u, 100u})
                if (entries_.size() >= n)
                    BOOST_REQUIRE((now_ - entries_[entries_.size() - n] >= interval() * (n - 1)));
        }
        entries_.push_back(now_);
    }

    // Places may be lost to who never leaves: one more enters 30 s after the last entry.
    bool is_full() const {
        bool const overdue = !entries_.empty() && now_ >= entries_.back() + 30s;
        return !overdue && (inside_.size() >= gate_.limit() || entered_since_hold() >= ramp_);
    }

    nanoseconds interval() const { return duration_cast<nanoseconds>(1s / *params_.max_rate); }

    // The first in line was refused: something must stand against it.
    void check_closed() {
        bool const too_fast = params_.max_rate && !entries_.empty() && now_ < entries_.back() + interval();
        BOOST_REQUIRE((now_ < hold_end_ || is_full() || too_fast || learned()));
    }

    // What the gate learned of the server stands against it.
    bool learned() const { return !gate_.has_room(now_) || gate_.throttled_until(now_).has_value(); }

    void check_nobody_is_forgotten() {
        if (line_.empty())
            BOOST_REQUIRE(!gate_.wake_at(now_).has_value());
        else
            check_closed();
        if (!line_.empty() && inside_.empty())
            BOOST_REQUIRE(gate_.wake_at(now_).has_value());
    }

    void depart(std::size_t chance) {
        if (inside_.empty())
            return;
        auto const chosen = inside_.begin() + static_cast<std::ptrdiff_t>(below(inside_.size()));
        departure how;
        how.kind = chance < 60   ? departure_kind::answered
                   : chance < 70 ? departure_kind::throttled
                   : chance < 75 ? departure_kind::timed_out
                   : chance < 88 ? departure_kind::failed
                                 : departure_kind::unused;
        if (how.kind == departure_kind::throttled && below(2) == 0)
            how.hint = milliseconds(below(6'000));
        auto const limit_before = gate_.limit();
        gate_.leave(now_, chosen->entered_with, how);
        check_limit(limit_before, *chosen, how.kind);
        if (how.kind == departure_kind::answered && chosen->entered_at > hold_event_)
            ramp_ = std::min(ramp_ * 2, params_.max_in_flight);
        if (how.kind == departure_kind::throttled)
            check_hold(how.hint);
        inside_.erase(chosen);
    }

    void check_limit(std::size_t before, request const& gone, departure_kind kind) {
        bool const since_cut = gone.entered_at > cut_event_;
        auto expected = before;
        if ((kind == departure_kind::throttled || kind == departure_kind::timed_out) && since_cut) {
            expected = std::max<std::size_t>(before * 9 / 10, 1);
            cut_event_ = ++event_;
            ++cuts_;
        }
        if (kind == departure_kind::answered && since_cut && inside_.size() * 2 >= before)
            expected = std::min(before + 1, params_.max_in_flight);
        BOOST_REQUIRE(gate_.limit() == expected);
    }

    void check_hold(std::optional<milliseconds> hint) {
        auto const end = gate_.held_until(now_).value_or(now_);
        if (hint)
            BOOST_REQUIRE((end == std::max(std::max(hold_end_, now_), now_ + *hint)));
        else
            BOOST_REQUIRE((end >= std::max(hold_end_, now_ + params_.throttled_delay)));
        hold_end_ = end;
        hold_event_ = ++event_;
        ramp_ = 1;
    }

    void cancel() {
        if (below(3) == 0 && !inside_.empty()) {
            BOOST_REQUIRE(!gate_.cancel(inside_.front().id));
            gate_.leave(now_, inside_.front().entered_with, {departure_kind::unused, {}});
            inside_.erase(inside_.begin());
        } else if (!line_.empty()) {
            auto const chosen = line_.begin() + static_cast<std::ptrdiff_t>(below(line_.size()));
            BOOST_REQUIRE(gate_.cancel(*chosen));
            line_.erase(chosen);
        }
    }

    void pass(nanoseconds time) {
        held_ += std::clamp<nanoseconds>(hold_end_ - now_, 0ns, time);
        now_ += time;
        BOOST_REQUIRE((gate_.held_total(now_) == held_));
    }

    // At the promised time, and not before (but for rounding), the first in line enters.
    void pass_until_wake_up() {
        auto const at = gate_.wake_at(now_);
        if (!at)
            return;
        auto const waiting = line_.size();
        if (*at > now_ + 100ns) {
            BOOST_REQUIRE(!gate_.admit_next(*at - 100ns).has_value());
        }
        pass(*at - now_);
        admit_all();
        BOOST_REQUIRE(line_.size() < waiting);
    }

    // With good answers and time all who wait get in.
    void drain() {
        while (!line_.empty() || !inside_.empty()) {
            if (inside_.empty())
                pass_until_wake_up();
            else
                depart(0);
            admit_all();
        }
    }

    throttle_gate_params params_;
    throttle_gate_state gate_;
    std::mt19937_64 random_;
    time_point now_ = start;
    int event_ = 0;
    waiter_id last_id_ = 0;
    std::deque<waiter_id> line_;
    std::vector<request> inside_;
    std::vector<time_point> entries_;
    time_point hold_end_ = start;
    nanoseconds held_{0};
    std::size_t ramp_ = params_.max_in_flight;
    int hold_event_ = 0;
    int cut_event_ = 0;
    int cuts_ = 0;
};

}

BOOST_AUTO_TEST_SUITE(throttle_gate_scripts)

BOOST_AUTO_TEST_CASE(random_scripts) {
    for (unsigned seed = 1; seed <= 10; ++seed) {
        for (std::size_t const max_in_flight : {1u, 2u, 7u, 40u}) {
            throttle_script script(seed, {.max_in_flight = max_in_flight});
            script.run(3'000);
            BOOST_TEST(script.entered() > 300);
            BOOST_TEST(script.cuts() > 10);
        }
    }
}

BOOST_AUTO_TEST_CASE(random_scripts_at_a_rate) {
    for (unsigned seed = 1; seed <= 10; ++seed) {
        throttle_script script(seed, {.max_in_flight = 20, .max_rate = 5});
        script.run(3'000);
        BOOST_TEST(script.entered() > 300);
    }
}

BOOST_AUTO_TEST_SUITE_END()
