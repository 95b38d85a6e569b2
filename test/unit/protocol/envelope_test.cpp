#include "protocol/common_departure.hpp"
#include "protocol/envelope.hpp"
#include "protocol/envelope_queue.hpp"
#include "protocol/envelope_size.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <vector>

namespace allot {
namespace {
using namespace std::chrono_literals;
using time_point = envelope_queue::time_point;

BOOST_AUTO_TEST_SUITE(envelopes)

BOOST_AUTO_TEST_CASE(the_text_of_an_envelope) {
    envelope_writer writer("low");
    std::string const tail =
        R"(","headers":{"Prefer":"include-unknown-enum-members","x-ms-throttle-priority":"low"}})";
    for (int times = 0; times != 2; ++times) {
        writer.begin();
        writer.add(17, assignment_ref::admin("a@b"), "?$select=id");
        BOOST_TEST(
            writer.finish() == R"({"requests":[{"id":"17","method":"GET","url":)"
                               R"("/admin/cloudLicensing/assignments/a%40b/allotment?$select=id)" +
                                   tail + "]}");
    }
    writer.begin();
    writer.add(1, assignment_ref::user("u@contoso.com", "x"), "");
    writer.add(18446744073709551615u, assignment_ref::group("g", "y"), "");
    BOOST_TEST(
        writer.finish() ==
        R"({"requests":[{"id":"1","method":"GET","url":"/users/u%40contoso.com/cloudLicensing/assignments/x/allotment)" +
            tail +
            R"(,{"id":"18446744073709551615","method":"GET","url":"/groups/g/cloudLicensing/assignments/y/allotment)" +
            tail + "]}");
    envelope_writer plain;
    plain.begin();
    plain.add(1, assignment_ref::admin("x"), "");
    BOOST_TEST(plain.finish().find("priority") == std::string::npos);
}

matched_parts match(std::vector<std::uint64_t> const& asked, std::vector<std::uint64_t> const& answered) {
    std::vector<batch_part> parts;
    for (auto const id : answered)
        parts.push_back({id, 200, {}, batch_part::body_kind::none});
    matched_parts out;
    out.problem = "of another answer";
    match_parts(asked, parts, out);
    return out;
}

BOOST_AUTO_TEST_CASE(parts_are_found_in_any_order) {
    using places = std::vector<std::size_t>;
    auto const none = matched_parts::none;
    BOOST_TEST(match({3, 1, 2}, {3, 1, 2}).parts == (places{0, 1, 2}), boost::test_tools::per_element());
    BOOST_TEST(match({3, 1, 2}, {2, 3, 1}).parts == (places{1, 2, 0}), boost::test_tools::per_element());
    BOOST_TEST(match({3, 1, 2}, {2}).parts == (places{none, none, 0}), boost::test_tools::per_element());
    BOOST_TEST(match({3, 1, 2}, {}).parts == (places{none, none, none}), boost::test_tools::per_element());
    BOOST_TEST(match({3, 1, 2}, {1, 2}).problem.empty());
}

BOOST_AUTO_TEST_CASE(row_28_wrong_ids_are_a_problem_of_the_whole) {
    std::string const doubled = "two answers to the request with id 1";
    std::string const unknown = "an answer to a request that was not made";
    BOOST_TEST(match({3, 1, 2}, {3, 1, 1}).problem == doubled);
    BOOST_TEST(match({3, 1, 2}, {1, 3, 2, 1}).problem == doubled);
    BOOST_TEST(match({3, 1, 2}, {3, 1, 2, 4}).problem == unknown);
    BOOST_TEST(match({3, 1, 2}, {5}).problem == unknown);
    BOOST_TEST(match({3, 1, 2}, {3, 0, 2}).problem == unknown);
}

BOOST_AUTO_TEST_CASE(every_permutation_and_omission_of_five) {
    std::vector<std::uint64_t> ids{11, 12, 13, 14, 15};
    auto order = ids;
    do {
        for (std::size_t left = 0; left != order.size(); ++left) {
            auto const answered =
                std::vector<std::uint64_t>(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(left));
            auto const found = match(ids, answered);
            BOOST_TEST_REQUIRE(found.problem.empty());
            for (std::size_t at = 0; at != ids.size(); ++at) {
                auto const place = std::find(answered.begin(), answered.end(), ids[at]);
                auto const expected = place == answered.end()
                                          ? matched_parts::none
                                          : static_cast<std::size_t>(place - answered.begin());
                BOOST_TEST_REQUIRE(found.parts[at] == expected);
            }
        }
    } while (std::next_permutation(order.begin(), order.end()));
}

BOOST_AUTO_TEST_CASE(size_halves_when_large_ones_are_answered_less_well_and_comes_back) {
    envelope_size state(20);
    for (std::size_t const expected : {10u, 5u, 2u, 1u, 1u}) {
        state.on_answer(state.size(), envelope_verdict::bad);
        BOOST_TEST(state.size() == expected);
    }
    std::size_t last = 1;
    std::set<std::size_t> sizes;
    int answers = 0;
    for (; state.size() != 20; ++answers) {
        BOOST_TEST_REQUIRE(answers < 10'000);
        state.on_answer(state.size(), envelope_verdict::good);
        BOOST_TEST(state.size() >= last);
        sizes.insert(last = state.size());
    }
    BOOST_TEST(answers > 20);
    BOOST_TEST(
        sizes == (std::set<std::size_t>{1, 2, 3, 4, 6, 9, 13, 19, 20}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(size_is_not_changed_by_other_sizes_or_what_says_nothing) {
    envelope_size state(20);
    state.on_answer(20, envelope_verdict::neutral);
    state.on_answer(3, envelope_verdict::bad);
    BOOST_TEST(state.size() == 20u);
    // Those under way together cut once.
    for (int under_way = 0; under_way != 8; ++under_way)
        state.on_answer(20, envelope_verdict::bad);
    BOOST_TEST(state.size() == 10u);
    for (int times = 0; times != 100; ++times)
        state.on_answer(9, envelope_verdict::good);
    BOOST_TEST(state.size() == 10u);
}

BOOST_AUTO_TEST_CASE(size_tries_again_ever_more_seldom_where_growth_fails) {
    envelope_size state(20);
    std::vector<int> waits;
    for (int round = 0; round != 8; ++round) {
        while (state.size() != 1)
            state.on_answer(state.size(), envelope_verdict::bad);
        int good = 0;
        for (; state.size() == 1; ++good)
            state.on_answer(1, envelope_verdict::good);
        waits.push_back(good);
    }
    BOOST_TEST(
        waits == (std::vector<int>{64, 128, 256, 512, 512, 512, 512, 512}), boost::test_tools::per_element());
}

struct queued {
    envelope_queue queue;
    time_point const start = time_point() + 1h;
    int budget = 1'000;

    std::vector<std::size_t> take(std::chrono::milliseconds at, std::size_t size, std::size_t expected_size) {
        std::vector<envelope_queue::entry> out;
        auto const take_budget = [this] { return budget > 0 && budget-- > 0; };
        BOOST_TEST(queue.take(start + at, size, take_budget, out) == expected_size);
        std::vector<std::size_t> taken;
        for (auto const& each : out)
            taken.push_back(each.request);
        return taken;
    }
    using ids = std::vector<std::size_t>;
};

BOOST_FIXTURE_TEST_CASE(the_longest_due_go_first, queued) {
    queue.add(start + 20ms, {1, 20, false});
    queue.add(start + 10ms, {2, 20, false});
    queue.add(start + 30ms, {3, 20, false});
    BOOST_TEST((queue.next_at() == start + 10ms));
    BOOST_TEST(take(9ms, 20, 20).empty());
    BOOST_TEST(take(20ms, 20, 20) == (ids{2, 1}), boost::test_tools::per_element());
    BOOST_TEST((queue.next_at() == start + 30ms));
    BOOST_TEST(take(30ms, 20, 20) == (ids{3}), boost::test_tools::per_element());
    BOOST_TEST(queue.empty());
    BOOST_TEST(!queue.next_at().has_value());
}

BOOST_FIXTURE_TEST_CASE(none_goes_into_a_larger_envelope_than_it_may, queued) {
    queue.add(start, {1, 20, false});
    queue.add(start, {2, 2, false});
    queue.add(start, {3, 1, false});
    queue.add(start, {4, 20, false});
    BOOST_TEST(take(0ms, 20, 2) == (ids{1, 2}), boost::test_tools::per_element());
    BOOST_TEST(take(0ms, 20, 1) == (ids{3}), boost::test_tools::per_element());
    BOOST_TEST(take(0ms, 20, 20) == (ids{4}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(retries_wait_for_the_budget_and_others_do_not, queued) {
    budget = 1;
    queue.add(start, {1, 20, true});
    queue.add(start, {2, 20, true});
    queue.add(start, {3, 20, false});
    BOOST_TEST(take(0ms, 20, 20) == (ids{1, 3}), boost::test_tools::per_element());
    BOOST_TEST(take(0ms, 20, 20).empty());
    budget = 1;
    BOOST_TEST(take(0ms, 20, 20) == (ids{2}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(deadlines_end_the_wait, queued) {
    BOOST_TEST((queue.next_deadline() == time_point::max()));
    queue.add(start + 1h, {1, 20, true, start + 5ms});
    queue.add(start, {2, 20, true, start + 9ms});
    BOOST_TEST((queue.next_deadline() == start + 5ms));
    auto const expired = queue.take_expired(start + 5ms);
    BOOST_TEST_REQUIRE(expired.size() == 1u);
    BOOST_TEST(expired.front().request == 1u);
    BOOST_TEST(queue.take_all().size() == 1u);
    BOOST_TEST(queue.empty());
}

BOOST_AUTO_TEST_CASE(calls_leave_by_what_became_of_them) {
    common_departure all;
    departure good{departure_kind::answered};
    good.units = 2;
    good.load = 0.9;
    good.remaining = remaining_budget{40, 10s};
    all.add(good);
    good.units.reset();
    good.load = 0.85;
    good.remaining = remaining_budget{38, 10s};
    all.add(good);
    all.add({departure_kind::throttled, 3s});
    all.add({departure_kind::throttled, 7s});
    all.add({departure_kind::throttled, {}});
    all.add({departure_kind::failed, {}});
    auto const granted = all.granted(40ms);
    BOOST_TEST(granted.calls == 2u);
    BOOST_TEST(*granted.how.units == 3.0);
    BOOST_TEST(*granted.how.load == 0.9);
    BOOST_TEST(granted.how.remaining->units == 38.0);
    BOOST_TEST((granted.how.latency == 40ms));
    BOOST_TEST(all.failed().calls == 1u);
    auto const throttled = all.throttled(40ms);
    BOOST_TEST(throttled.calls == 3u);
    BOOST_TEST((throttled.how.hint == 7s));
    BOOST_TEST(!throttled.how.load.has_value());

    common_departure refused;
    refused.add({departure_kind::throttled, {}});
    BOOST_TEST(!refused.throttled(1ms).how.hint.has_value());
    BOOST_TEST(refused.granted(1ms).calls == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
