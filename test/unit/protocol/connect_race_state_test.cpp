#include "protocol/connect_race_state.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using allot::address_memory;
using allot::connect_race_state;
using allot::network_address;
using allot::race_action;
using allot::race_event;
using allot::race_news;
using allot::race_step;
using time_point = connect_race_state::time_point;

time_point const start{1h};
constexpr auto limit = 10s;

std::vector<network_address> const three{{"2001:db8::1"}, {"192.0.2.1"}, {"2001:db8::2"}};

/// Plays a script: what happens, and what is to be done then.
struct fixture {
    connect_race_state race{three, start + limit};
    time_point now = start;

    void renew(std::vector<network_address> const& addresses = three) {
        race = connect_race_state(addresses, start + limit);
        now = start;
    }

    std::string feed(race_event const& event) {
        auto const action = race.resume(now, event);
        switch (action.step) {
        case race_step::start:
            return "start " + std::to_string(action.attempt);
        case race_step::wait:
            return "wait " + std::to_string(duration_cast<milliseconds>(action.until - now).count());
        case race_step::won:
            return "won " + std::to_string(action.attempt);
        case race_step::lost:
            return "lost";
        case race_step::out_of_time:
            return "out of time";
        case race_step::cancelled:
            return "cancelled";
        }
        return {};
    }
    std::string time() { return feed({}); }
    std::string time(milliseconds passes) {
        now += passes;
        return time();
    }
    std::string connected(std::size_t attempt) { return feed({race_news::connected, attempt, {}}); }
    std::string failed(std::size_t attempt) {
        return feed({race_news::failed, attempt, boost::asio::error::connection_refused});
    }
    std::string cancelled() { return feed({race_news::cancelled, 0, {}}); }

    /// Begins the first `count` attempts, as time passes.
    void begin(std::size_t count) {
        renew();
        for (std::size_t i = 0; i != count; ++i)
            BOOST_TEST(time(i == 0 ? 0ms : 250ms) == "start " + std::to_string(i));
    }

    /// The order that a connection would take after this race.
    std::string taught() const {
        address_memory memory;
        race.teach(memory, now);
        std::string text;
        for (auto const& each : memory.order(now, race.addresses()))
            text.append(text.empty() ? "" : " ").append(each.text);
        return text;
    }
};

BOOST_FIXTURE_TEST_SUITE(connect_races, fixture)

BOOST_AUTO_TEST_CASE(row_20_attempts_are_staggered_by_250_ms) {
    BOOST_TEST(time() == "start 0");
    BOOST_TEST(time() == "wait 250");
    BOOST_TEST(time(249ms) == "wait 1");
    BOOST_TEST(time(1ms) == "start 1");
    BOOST_TEST(time() == "wait 250");
    BOOST_TEST(time(250ms) == "start 2");
    BOOST_TEST(time() == "wait 9500");
}

BOOST_AUTO_TEST_CASE(the_first_that_completes_wins_at_each_step) {
    for (std::size_t begun = 1; begun <= three.size(); ++begun)
        for (std::size_t winner = 0; winner != begun; ++winner) {
            begin(begun);
            BOOST_TEST(connected(winner) == "won " + std::to_string(winner));
        }
}

BOOST_AUTO_TEST_CASE(a_failure_begins_the_next_attempt_at_once) {
    BOOST_TEST(time() == "start 0");
    now += 10ms;
    BOOST_TEST(failed(0) == "start 1");
    BOOST_TEST(time() == "wait 250");
    BOOST_TEST(time(250ms) == "start 2");
    BOOST_TEST(failed(1) == "wait 9740");
    BOOST_TEST(connected(2) == "won 2");
}

BOOST_AUTO_TEST_CASE(a_failure_at_each_step_and_another_still_wins) {
    for (std::size_t begun = 1; begun <= three.size(); ++begun)
        for (std::size_t loser = 0; loser != begun; ++loser) {
            begin(begun);
            auto const next = failed(loser);
            auto const all = begun == three.size();
            BOOST_TEST(next == (all ? "wait 9500" : "start " + std::to_string(begun)));
            auto const winner = all ? (loser + 1) % begun : begun;
            BOOST_TEST(connected(winner) == "won " + std::to_string(winner));
        }
}

BOOST_AUTO_TEST_CASE(row_19_all_fail_and_each_is_named_with_its_reason) {
    BOOST_TEST(time() == "start 0");
    BOOST_TEST(failed(0) == "start 1");
    BOOST_TEST(feed({race_news::failed, 1, boost::asio::error::host_unreachable}) == "start 2");
    BOOST_TEST(failed(2) == "lost");
    BOOST_TEST(
        race.report(443) == "[2001:db8::1]:443 (Connection refused), 192.0.2.1:443 (No route to host), "
                            "[2001:db8::2]:443 (Connection refused)");
    BOOST_TEST(race.cause() == boost::asio::error::connection_refused);
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_it_at_each_step) {
    for (std::size_t begun = 1; begun <= three.size(); ++begun) {
        begin(begun);
        now = start + limit;
        BOOST_TEST(time() == "out of time");
    }
    BOOST_TEST(
        race.report(1) ==
        "[2001:db8::1]:1 (no answer), 192.0.2.1:1 (no answer), [2001:db8::2]:1 (no answer)");
    begin(1);
    now = start + limit;
    BOOST_TEST(failed(0) == "out of time");
    BOOST_TEST(
        race.report(1) ==
        "[2001:db8::1]:1 (Connection refused), 192.0.2.1:1 (not tried), [2001:db8::2]:1 (not tried)");
    begin(1);
    now = start + limit;
    BOOST_TEST(connected(0) == "won 0");
}

BOOST_AUTO_TEST_CASE(it_waits_no_longer_than_the_deadline) {
    race = connect_race_state(three, start + 100ms);
    BOOST_TEST(time() == "start 0");
    BOOST_TEST(time() == "wait 100");
    BOOST_TEST(time(100ms) == "out of time");
    race = connect_race_state(three, now);
    BOOST_TEST(time() == "out of time");
    BOOST_TEST(race.report(1).starts_with("[2001:db8::1]:1 (not tried), "));
}

BOOST_AUTO_TEST_CASE(cancellation_at_each_step) {
    BOOST_TEST(cancelled() == "cancelled");
    for (std::size_t begun = 1; begun <= three.size(); ++begun) {
        begin(begun);
        BOOST_TEST(cancelled() == "cancelled");
        BOOST_TEST(taught() == "2001:db8::1 192.0.2.1 2001:db8::2", "nothing is held against anybody");
    }
}

BOOST_AUTO_TEST_CASE(late_and_doubled_events_change_nothing) {
    begin(3);
    BOOST_TEST(failed(1) == "wait 9500");
    BOOST_TEST(failed(1) == "wait 9500");
    BOOST_TEST(connected(1) == "wait 9500");
    BOOST_TEST(connected(2) == "won 2");
    auto const said = race.report(1);
    for (int i = 0; i != 2; ++i) {
        BOOST_TEST(failed(0) == "won 2");
        BOOST_TEST(connected(0) == "won 2");
        BOOST_TEST(cancelled() == "won 2");
        BOOST_TEST(time(20s) == "won 2");
    }
    BOOST_TEST(race.report(1) == said);

    begin(2);
    BOOST_TEST(cancelled() == "cancelled");
    BOOST_TEST(connected(1) == "cancelled");
    begin(1);
    BOOST_TEST(connected(1) == "wait 250", "not begun");
}

BOOST_AUTO_TEST_CASE(row_20_a_black_holed_family_costs_one_delay_and_is_remembered) {
    begin(2);
    now += 20ms;
    BOOST_TEST(connected(1) == "won 1");
    BOOST_TEST((now - start == 270ms));
    BOOST_TEST(taught() == "192.0.2.1 2001:db8::2 2001:db8::1");
}

BOOST_AUTO_TEST_CASE(one_that_was_begun_later_and_did_not_win_is_not_slow) {
    begin(2);
    now += 20ms;
    BOOST_TEST(connected(0) == "won 0");
    BOOST_TEST(taught() == "2001:db8::1 192.0.2.1 2001:db8::2");
    // The second had less than a delay: it began when the first failed.
    renew();
    BOOST_TEST(time() == "start 0");
    BOOST_TEST(time(250ms) == "start 1");
    now += 1ms;
    BOOST_TEST(failed(0) == "start 2");
    BOOST_TEST(connected(2) == "won 2");
    BOOST_TEST(taught() == "2001:db8::2 192.0.2.1 2001:db8::1");
}

BOOST_AUTO_TEST_CASE(what_is_silent_until_the_deadline_is_remembered) {
    begin(1);
    BOOST_TEST(failed(0) == "start 1");
    now = start + limit;
    BOOST_TEST(time() == "out of time");
    BOOST_TEST(taught() == "2001:db8::2 2001:db8::1 192.0.2.1");
}

BOOST_AUTO_TEST_CASE(no_address_and_very_many) {
    renew({});
    BOOST_TEST(time() == "lost");
    BOOST_TEST(race.report(1) == "");
    std::vector<network_address> const many(1000, network_address{"192.0.2.1"});
    renew(many);
    BOOST_TEST(time() == "start 0");
    for (std::size_t i = 0; i + 1 != many.size(); ++i)
        BOOST_TEST(failed(i) == "start " + std::to_string(i + 1));
    BOOST_TEST(failed(999) == "lost");
    BOOST_TEST(race.report(1).size() < 1000u);
    BOOST_TEST(race.report(1).ends_with(" and 984 more"));
}

BOOST_AUTO_TEST_SUITE_END()

}
