#include "protocol/batch_state.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <set>
#include <utility>

namespace allot {
namespace {

assignment_ref ref(std::size_t number) {
    return assignment_ref::admin("a" + std::to_string(number));
}

result<allotment> found(std::string id) {
    allotment made;
    made.id = std::move(id);
    return made;
}

BOOST_AUTO_TEST_SUITE(batch_state_suite)

BOOST_AUTO_TEST_CASE(results_come_in_completion_order_with_their_position) {
    batch_state state(4, 4);
    auto const first = state.add(ref(1)).value();
    auto const second = state.add(ref(2)).value();
    state.input_ended();
    BOOST_TEST(!state.take());
    state.complete(second, found("two"), {});
    auto const item = state.take();
    BOOST_TEST(item->position == 2u);
    BOOST_TEST((item->reference == ref(2)));
    BOOST_TEST(*item->result->id == "two");
    BOOST_TEST(!state.finished());
    state.complete(first, found("one"), {});
    BOOST_TEST(state.take()->position == 1u);
    BOOST_TEST(!state.take());
    BOOST_TEST(state.finished());
}

BOOST_AUTO_TEST_CASE(a_result_is_put_in_its_place_which_is_empty_at_first) {
    batch_state state(1, 1);
    auto const first = state.add(ref(1)).value();
    auto& at = state.place_of(first);
    at.outcome.emplace(found("one"));
    at.exchange.attempts = 3;
    at.exchange.request_id = "id";
    state.complete(first);
    auto const item = state.take();
    BOOST_TEST(*item->result->id == "one");
    BOOST_TEST(item->exchange.attempts == 3u);
    auto const second = state.add(ref(2)).value();
    BOOST_TEST(second == first);
    BOOST_TEST(!state.place_of(second).outcome);
    BOOST_TEST(state.place_of(second).exchange.attempts == 0u);
    BOOST_TEST(state.place_of(second).exchange.request_id == "");
}

BOOST_AUTO_TEST_CASE(window_counts_what_runs_and_what_waits_for_the_reader) {
    batch_state state(1, 1);
    auto const first = state.add(ref(1)).value();
    BOOST_TEST(state.has_room());
    auto const second = state.add(ref(2)).value();
    BOOST_TEST(!state.has_room());
    state.complete(first, found("1"), {});
    state.complete(second, found("2"), {});
    BOOST_TEST(!state.has_room());
    state.take();
    BOOST_TEST(state.has_room());
}

BOOST_AUTO_TEST_CASE(workers_without_room_are_named_in_order_when_the_reader_takes) {
    batch_state state(1, 1);
    auto const first = state.add(ref(1)).value();
    state.add(ref(2)).value();
    state.wait_for_room(11);
    state.wait_for_room(12);
    state.complete(first, found("1"), {});
    BOOST_TEST(!state.take_worker());
    state.take();
    BOOST_TEST(state.take_worker().value() == 11u);
    state.add(ref(3)).value();
    BOOST_TEST(!state.take_worker());
}

BOOST_AUTO_TEST_CASE(workers_are_let_go_when_the_input_ends) {
    batch_state state(1, 1);
    state.add(ref(1)).value();
    state.add(ref(2)).value();
    state.wait_for_room(11);
    state.wait_for_room(12);
    state.input_ended();
    BOOST_TEST(state.take_worker().value() == 11u);
    BOOST_TEST(state.take_worker().value() == 12u);
    BOOST_TEST(!state.take_worker());
}

BOOST_AUTO_TEST_CASE(equal_references_under_way_share_a_fetch) {
    batch_state state(4, 4);
    auto const first = state.add(ref(1)).value();
    BOOST_TEST(!state.add(ref(1)));
    state.complete(first, found("1"), {});
    // Not taken yet: the third joins the finished fetch.
    BOOST_TEST(!state.add(ref(1)));
    BOOST_TEST(state.take()->position == 1u);
    BOOST_TEST(state.take()->position == 2u);
    auto const last = state.take();
    BOOST_TEST(last->position == 3u);
    BOOST_TEST(*last->result->id == "1");
    BOOST_TEST(state.add(ref(1)).has_value());
}

BOOST_AUTO_TEST_CASE(joined_references_count_for_the_window) {
    batch_state state(1, 2);
    auto const first = state.add(ref(1)).value();
    state.add(ref(1));
    state.add(ref(1));
    BOOST_TEST(!state.has_room());
    state.complete(first, found("1"), {});
    for (int i = 0; i != 3; ++i)
        BOOST_TEST(state.take().has_value());
    BOOST_TEST(state.has_room());
}

BOOST_AUTO_TEST_CASE(failures_are_delivered_like_results) {
    batch_state state(1, 1);
    std::uint64_t const positions[] = {1, 5, 9};
    auto const first = state.add(ref(1), positions);
    failure reason;
    reason.code = errc::not_found;
    exchange_info exchange;
    exchange.http_status = 404;
    state.complete(first, reason, std::move(exchange));
    for (auto position : {1u, 5u, 9u}) {
        auto const item = state.take();
        BOOST_TEST(item->position == position);
        BOOST_TEST((item->result.error().code == errc::not_found));
        BOOST_TEST(item->exchange.http_status == 404);
    }
    BOOST_TEST(!state.take());
}

BOOST_AUTO_TEST_CASE(duplicate_chain_links_equal_references) {
    duplicate_chain const chain({ref(1), ref(2), ref(1), ref(3), ref(1), ref(2)});
    std::vector<std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i != 6; ++i) {
        if (chain.repeats(i))
            continue;
        groups.emplace_back();
        for (auto at = i; at != duplicate_chain::none; at = chain.next(at))
            groups.back().push_back(at);
    }
    BOOST_TEST((groups == std::vector<std::vector<std::size_t>>{{0, 2, 4}, {1, 5}, {3}}));
    duplicate_chain const distinct({ref(1), ref(2)});
    BOOST_TEST(!distinct.repeats(1));
    BOOST_TEST(distinct.next(0) == duplicate_chain::none);
}

BOOST_AUTO_TEST_CASE(scope_and_principal_tell_references_apart) {
    batch_state state(8, 8);
    BOOST_TEST(state.add(assignment_ref::admin("a")).has_value());
    BOOST_TEST(state.add(assignment_ref::user("u", "a")).has_value());
    BOOST_TEST(state.add(assignment_ref::group("u", "a")).has_value());
    BOOST_TEST(state.add(assignment_ref::user("v", "a")).has_value());
}

// A random mix of adding, completing and taking gives every position exactly once, for its own reference.
BOOST_AUTO_TEST_CASE(every_position_is_delivered_exactly_once) {
    for (unsigned seed = 1; seed != 20; ++seed) {
        std::mt19937 random(seed);
        batch_state state(1 + seed % 7, 1 + seed % 5);
        std::map<batch_state::fetch_id, std::string> running;
        std::map<std::uint64_t, std::string> expected;
        std::set<std::uint64_t> delivered;
        std::uint64_t added = 0;
        while (!state.finished()) {
            auto const dice = random() % 3;
            if (dice == 0 && state.has_room()) {
                if (added == 500) {
                    state.input_ended();
                    continue;
                }
                auto const reference = ref(random() % 40);
                expected[++added] = reference.assignment_id();
                if (auto const id = state.add(reference))
                    BOOST_TEST(running.emplace(*id, reference.assignment_id()).second);
            } else if (dice == 1 && !running.empty()) {
                auto const chosen = std::next(running.begin(), static_cast<long>(random() % running.size()));
                state.complete(chosen->first, found(chosen->second), {});
                running.erase(chosen);
            } else if (auto item = state.take()) {
                BOOST_TEST(delivered.insert(item->position).second);
                BOOST_TEST(*item->result->id == expected[item->position]);
                BOOST_TEST(item->reference.assignment_id() == expected[item->position]);
            }
        }
        BOOST_TEST(delivered.size() == 500u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
