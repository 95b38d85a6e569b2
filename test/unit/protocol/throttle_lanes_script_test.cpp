#include "protocol/throttle_gate_state.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <random>
#include <vector>

// Random scripts of several clients at one gate.

namespace {

using namespace std::chrono_literals;
using allot::departure;
using allot::departure_kind;
using allot::throttle_gate_params;
using allot::throttle_gate_state;
using waiter_id = throttle_gate_state::waiter_id;

class lanes_script {
public:
    explicit lanes_script(unsigned seed) : random_(seed) {
        for (std::size_t i = 0; i != clients_.size(); ++i)
            join(clients_[i], i);
    }

    void run(int steps) {
        for (int step = 0; step != steps; ++step) {
            auto& who = clients_[below(clients_.size())];
            switch (below(9)) {
            case 0:
            case 1:
            case 2:
                arrive(who);
                break;
            case 3:
            case 4:
            case 5:
                depart(who);
                break;
            case 6:
                cancel(who);
                break;
            case 7:
                now_ += std::chrono::milliseconds(below(2'000));
                break;
            case 8:
                if (below(20) == 0)
                    come_back(who);
                break;
            }
            admit_all();
            check_nobody_is_forgotten();
        }
    }

    std::size_t entered() const { return entered_; }

private:
    struct member {
        throttle_gate_params params = {};
        throttle_gate_state::lane_id lane = 0;
        std::deque<waiter_id> line = {};
        std::vector<throttle_gate_state::ticket> inside = {};
    };

    std::size_t below(std::size_t end) { return random_() % end; }

    void join(member& who, std::size_t number) {
        who.params.max_in_flight = 1 + 3 * number;
        if (number == 1)
            who.params.max_rate = 4;
        who.lane = gate_.add_lane(who.params);
    }

    void arrive(member& who) {
        if (auto const entered = gate_.try_enter(now_, who.lane)) {
            BOOST_REQUIRE(who.line.empty());
            enter(who, *entered);
        } else {
            gate_.wait(++last_id_, who.lane);
            who.line.push_back(last_id_);
        }
    }

    void enter(member& who, throttle_gate_state::ticket const& with) {
        BOOST_REQUIRE((now_ >= hold_end_));
        BOOST_REQUIRE(with.lane == who.lane);
        who.inside.push_back(with);
        BOOST_REQUIRE(who.inside.size() <= who.params.max_in_flight);
        ++entered_;
    }

    void depart(member& who) {
        if (who.inside.empty())
            return;
        departure how{departure_kind::answered, {}};
        if (auto const chance = below(80); chance == 0) {
            how = {departure_kind::throttled, std::chrono::milliseconds(below(2'000))};
            hold_end_ = std::max(hold_end_, now_ + *how.hint);
        } else if (chance < 12)
            how.kind = departure_kind::unused;
        gate_.leave(now_, who.inside.back(), how);
        who.inside.pop_back();
    }

    void cancel(member& who) {
        if (who.line.empty())
            return;
        auto const chosen = who.line.begin() + static_cast<std::ptrdiff_t>(below(who.line.size()));
        BOOST_REQUIRE(gate_.cancel(*chosen));
        BOOST_REQUIRE(!gate_.cancel(*chosen));
        who.line.erase(chosen);
    }

    void come_back(member& who) {
        for (auto const& each : who.inside)
            gate_.leave(now_, each, {});
        gate_.remove_lane(who.lane);
        auto const params = who.params;
        who = {params, gate_.add_lane(params)};
    }

    void admit_all() {
        while (auto const admitted = gate_.admit_next(now_)) {
            auto const of = std::find_if(clients_.begin(), clients_.end(), [&](member const& each) {
                return each.lane == admitted->ticket.lane;
            });
            BOOST_REQUIRE(!of->line.empty());
            BOOST_REQUIRE(of->line.front() == admitted->waiter);
            of->line.pop_front();
            enter(*of, admitted->ticket);
        }
    }

    /// Where somebody waits, all places are taken or the time is known at which to look again.
    void check_nobody_is_forgotten() {
        std::size_t inside = 0;
        for (auto const& each : clients_)
            inside += each.inside.size();
        BOOST_REQUIRE(gate_.in_flight() == inside);
        for (auto const& each : clients_) {
            BOOST_REQUIRE(gate_.has_waiters(each.lane) == !each.line.empty());
            if (each.line.empty() || each.inside.size() == each.params.max_in_flight || !gate_.has_room(now_))
                continue;
            BOOST_REQUIRE(gate_.wake_at(now_).has_value());
            BOOST_REQUIRE((*gate_.wake_at(now_) > now_));
        }
        if (inside == 0 && gate_.has_waiters())
            BOOST_REQUIRE(gate_.wake_at(now_).has_value());
    }

    throttle_gate_state gate_;
    std::mt19937_64 random_;
    throttle_gate_state::time_point now_{1h};
    throttle_gate_state::time_point hold_end_{1h};
    std::array<member, 3> clients_;
    waiter_id last_id_ = 0;
    std::size_t entered_ = 0;
};

}

BOOST_AUTO_TEST_SUITE(throttle_lanes_scripts)

BOOST_AUTO_TEST_CASE(random_scripts_of_several_clients) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        lanes_script script(seed);
        script.run(3'000);
        BOOST_TEST(script.entered() > 200u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
