#include "protocol/lookup_state.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using allot::lookup_answer;
using allot::lookup_state;
using allot::lookup_step;
using allot::network_address;
using time_point = lookup_state::time_point;

time_point const start{1000h};
std::string const graph = "graph.example";

std::string text(lookup_answer const& of) {
    return of ? of.addresses->front().text : "nothing";
}

struct fixture {
    lookup_state state;
    time_point now = start;
    std::uint64_t begun = 0; ///< the look-up of the last "start"

    std::string ask(std::string const& host = graph) {
        auto const made = state.ask(now, host);
        auto const patience =
            made.stale_at == time_point::max()
                ? std::string()
                : " " + std::to_string(duration_cast<milliseconds>(made.stale_at - now).count());
        switch (made.step) {
        case lookup_step::use:
            return text(made.answer);
        case lookup_step::start:
            begun = made.lookup;
            return "start" + patience;
        case lookup_step::join:
            return "join" + patience;
        case lookup_step::refuse:
            return "refuse";
        }
        return {};
    }
    std::string ask(std::string const& host, milliseconds later) {
        now += later;
        return ask(host);
    }
    std::string found(std::uint64_t lookup, std::string const& address, std::string const& host = graph) {
        return text(state.found(now, host, lookup, {network_address{address}}));
    }
    std::string failed(std::uint64_t lookup, bool no_such_name = false) {
        auto const made = state.failed(now, graph, lookup, no_such_name);
        return made.concerns_waiters ? text(made.answer) : "goes on";
    }
    /// Has an answer that is no longer fresh.
    void age(std::string const& address) {
        BOOST_TEST(ask() == "start");
        BOOST_TEST(found(begun, address) == address);
        now += 30s;
    }
};

BOOST_FIXTURE_TEST_SUITE(lookup_states, fixture)

BOOST_AUTO_TEST_CASE(one_lookup_serves_all_who_ask_meanwhile) {
    BOOST_TEST(ask() == "start");
    BOOST_TEST(ask() == "join");
    BOOST_TEST(ask(graph, 29'999ms) == "join");
    BOOST_TEST(ask("login.example") == "start");
    BOOST_TEST(found(1, "192.0.2.1") == "192.0.2.1");
    BOOST_TEST(ask() == "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(an_answer_is_kept_for_30_s) {
    BOOST_TEST(ask() == "start");
    BOOST_TEST(found(begun, "192.0.2.1") == "192.0.2.1");
    BOOST_TEST(ask(graph, 29'999ms) == "192.0.2.1");
    BOOST_TEST(ask(graph, 1ms) == "start 1800");
    BOOST_TEST(found(begun, "192.0.2.2") == "192.0.2.2");
    BOOST_TEST(ask() == "192.0.2.2");
}

BOOST_AUTO_TEST_CASE(row_19_an_answer_that_does_not_work_is_looked_up_anew) {
    BOOST_TEST(ask() == "start");
    auto const old = state.found(now, graph, begun, {network_address{"192.0.2.1"}});
    state.distrust(graph, old.version);
    BOOST_TEST(ask() == "start 1800");
    BOOST_TEST(found(begun, "192.0.2.2") == "192.0.2.2");
    // Another connection with the old answer fails later: that says nothing of the new one.
    state.distrust(graph, old.version);
    BOOST_TEST(ask() == "192.0.2.2");
    state.distrust("unknown.example", 1);
}

BOOST_AUTO_TEST_CASE(row_19_a_failure_is_told_and_not_kept) {
    BOOST_TEST(ask() == "start");
    BOOST_TEST(ask() == "join");
    BOOST_TEST(failed(begun) == "nothing");
    BOOST_TEST(ask() == "start");
    BOOST_TEST(failed(begun, true) == "nothing");
    BOOST_TEST(ask() == "start");
}

BOOST_AUTO_TEST_CASE(row_19_the_old_answer_serves_when_the_name_servers_fail) {
    age("192.0.2.1");
    BOOST_TEST(ask() == "start 1800");
    BOOST_TEST(failed(begun) == "192.0.2.1");
    // They are not asked again with each connection, unless the old answer does not work.
    BOOST_TEST(ask(graph, 29'999ms) == "192.0.2.1");
    state.distrust(graph, 1);
    BOOST_TEST(ask() == "start 1800");
}

BOOST_AUTO_TEST_CASE(row_19_the_old_answer_serves_when_the_name_servers_are_silent) {
    age("192.0.2.1");
    BOOST_TEST(ask() == "start 1800");
    BOOST_TEST(ask(graph, 1000ms) == "join 800");
    BOOST_TEST(text(state.stale(now, graph)) == "192.0.2.1");
    BOOST_TEST(ask(graph, 800ms) == "192.0.2.1");
    BOOST_TEST(found(begun, "192.0.2.2") == "192.0.2.2");
    BOOST_TEST(ask() == "192.0.2.2");
}

BOOST_AUTO_TEST_CASE(an_old_answer_is_worth_nothing_once_the_name_is_gone) {
    age("192.0.2.1");
    BOOST_TEST(ask() == "start 1800");
    BOOST_TEST(failed(begun, true) == "nothing");
    BOOST_TEST(ask() == "start");
    BOOST_TEST(text(state.stale(now, graph)) == "nothing");
}

BOOST_AUTO_TEST_CASE(an_old_answer_is_worth_nothing_after_a_day) {
    age("192.0.2.1");
    now = start + 24h - 1ms;
    BOOST_TEST(text(state.stale(now, graph)) == "192.0.2.1");
    now = start + 24h;
    BOOST_TEST(ask() == "start");
    BOOST_TEST(failed(begun) == "nothing");
}

BOOST_AUTO_TEST_CASE(row_19_a_lookup_that_hangs_is_given_up_after_30_s) {
    BOOST_TEST(ask() == "start");
    BOOST_TEST(ask(graph, 30s) == "start");
    BOOST_TEST(begun == 2u);
    BOOST_TEST(ask(graph, 29'999ms) == "join");
    // Two of one name are enough.
    BOOST_TEST(ask(graph, 1ms) == "refuse");
    BOOST_TEST(failed(1) == "goes on");
    BOOST_TEST(ask() == "start");
    BOOST_TEST(begun == 3u);
    BOOST_TEST(found(3, "192.0.2.3") == "192.0.2.3");
    // What comes from before is older than what is known.
    BOOST_TEST(found(2, "192.0.2.2") == "192.0.2.3");
    BOOST_TEST(ask() == "192.0.2.3");
}

BOOST_AUTO_TEST_CASE(a_late_failure_leaves_a_newer_answer_alone) {
    BOOST_TEST(ask() == "start");
    BOOST_TEST(ask(graph, 30s) == "start");
    BOOST_TEST(found(2, "192.0.2.2") == "192.0.2.2");
    BOOST_TEST(failed(1, true) == "goes on");
    BOOST_TEST(ask() == "192.0.2.2");
}

BOOST_AUTO_TEST_CASE(row_19_four_hung_lookups_leave_fresh_and_old_answers_usable) {
    BOOST_TEST(ask("known.example") == "start");
    BOOST_TEST(found(begun, "192.0.2.9", "known.example") == "192.0.2.9");
    for (auto const* const host : {"a.example", "b.example", "c.example", "d.example"})
        BOOST_TEST(ask(host) == "start");
    BOOST_TEST(ask("e.example", 4'999ms) == "start", "slow is not hung");
    BOOST_TEST(found(begun, "192.0.2.5", "e.example") == "192.0.2.5");
    BOOST_TEST(state.hung(now) == "");
    BOOST_TEST(ask("f.example", 1ms) == "refuse");
    BOOST_TEST(state.hung(now) == "a.example, b.example, c.example, d.example");
    BOOST_TEST(ask("a.example") == "join");
    BOOST_TEST(ask("known.example") == "192.0.2.9");
    BOOST_TEST(ask("known.example", 30s) == "192.0.2.9");
    // One of them comes back: there is room again.
    BOOST_TEST(found(2, "192.0.2.1", "a.example") == "192.0.2.1");
    BOOST_TEST(ask("f.example") == "start");
}

BOOST_AUTO_TEST_CASE(names_are_forgotten_when_there_are_many) {
    for (int i = 0; i != 1000; ++i) {
        auto const host = std::to_string(i) + ".example";
        BOOST_TEST(ask(host) == "start");
        BOOST_TEST(found(begun, "192.0.2.1", host) == "192.0.2.1");
        now += 1s;
    }
    BOOST_TEST(text(state.stale(now, "999.example")) == "192.0.2.1");
    BOOST_TEST(text(state.stale(now, "1.example")) == "nothing");
}

BOOST_AUTO_TEST_SUITE_END()

}
