#include "protocol/retry_budget.hpp"
#include "protocol/retry_state.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <vector>

// Many results at once, each with its own retry decisions, and the one budget that all their retries pass
// through: what a server sees while it fails. Time is modelled, in ticks.
namespace allot {
namespace {

using namespace std::chrono_literals;
using time_point = std::chrono::steady_clock::time_point;

constexpr time_point start{1h};
constexpr auto tick = 5ms;
constexpr std::size_t minute = 60s / tick;
constexpr std::size_t latency = 20ms / tick;

struct storm_params {
    int per_second = 0;                              ///< new results
    std::size_t ticks = 3 * minute;                  ///< how long it is looked at
    std::function<bool(std::size_t tick)> is_down{}; ///< the server answers 503
    unsigned seed = 1;
};

class storm {
public:
    explicit storm(storm_params params) : params_(std::move(params)), random_(params_.seed) { run(); }

    std::size_t good = 0;
    std::size_t given_up = 0;
    std::vector<double> requests; ///< results begun before each tick
    std::vector<double> attempts; ///< what the server has seen before each tick

    /// Over all minutes: attempts less 1.2 for each request.
    double worst_excess() const {
        double worst = 0;
        for (std::size_t end = minute; end < attempts.size(); ++end)
            worst = std::max(
                worst,
                attempts[end] - attempts[end - minute] - 1.2 * (requests[end] - requests[end - minute]));
        return worst;
    }

    /// Over all windows from a second up to a minute in which requests came: attempts for each.
    double worst_ratio() const {
        double worst = 0;
        for (std::size_t length = 1s / tick; length <= minute; length += 7s / tick)
            for (std::size_t end = length; end < attempts.size(); ++end)
                worst = std::max(
                    worst,
                    (attempts[end] - attempts[end - length]) / (requests[end] - requests[end - length]));
        return worst;
    }

private:
    time_point at(std::size_t number) const { return start + number * tick; }

    void run() {
        retry_params params;
        params.max_attempts = 1'000; // none is given up: what is deferred comes after all
        double due = 0;
        for (std::size_t now = 0; now != params_.ticks; ++now) {
            requests.push_back(static_cast<double>(results_.size()));
            attempts.push_back(sent_);
            for (due += params_.per_second / 200.0; due >= 1; --due) {
                results_.emplace_back(params, std::nullopt);
                budget_.on_request(at(now));
                send(now, results_.size() - 1);
            }
            answer(now);
            for (; !waits_.empty() && waits_.begin()->first <= at(now); waits_.erase(waits_.begin()))
                line_.push_back(waits_.begin()->second);
            for (; !line_.empty() && budget_.try_take(at(now)); line_.pop_front())
                send(now, line_.front());
        }
    }

    void send(std::size_t now, std::size_t result) {
        ++sent_;
        under_way_.emplace_back(now + latency, result);
    }

    void answer(std::size_t now) {
        for (; !under_way_.empty() && under_way_.front().first <= now; under_way_.pop_front()) {
            auto const result = under_way_.front().second;
            attempt_report report;
            report.status = params_.is_down(now) ? 503 : 200;
            auto const draw = std::uniform_real_distribution<double>()(random_);
            auto const action = results_[result].on_attempt(at(now), report, draw);
            if (action.step == retry_step::wait)
                waits_.emplace(action.at, result);
            else
                ++(action.step == retry_step::done ? good : given_up);
        }
    }

    storm_params params_;
    std::mt19937_64 random_;
    retry_budget budget_{start};
    std::vector<retry_state> results_;
    std::deque<std::pair<std::size_t, std::size_t>> under_way_; ///< when the answer comes, and to whom
    std::multimap<time_point, std::size_t> waits_;
    std::deque<std::size_t> line_;
    double sent_ = 0;
};

BOOST_AUTO_TEST_SUITE(retry_storms)

BOOST_AUTO_TEST_CASE(row_10_a_minute_of_503) {
    auto const first_minute = [](std::size_t now) { return now < minute; };
    for (int const per_second : {1, 20, 200, 1'000}) {
        storm const seen({per_second, 3 * minute, first_minute, 10});
        BOOST_TEST_CONTEXT(per_second << " requests per second") {
            BOOST_TEST(seen.worst_excess() <= 300);
            // Nor is less sent than is allowed.
            BOOST_TEST(seen.attempts[minute] >= 1.19 * seen.requests[minute]);
            BOOST_TEST(seen.given_up == 0u);
        }
    }
}

BOOST_AUTO_TEST_CASE(row_10_what_is_deferred_comes_in_its_turn) {
    storm const seen({20, 6 * minute, [](std::size_t now) { return now < minute; }, 12});
    BOOST_TEST(static_cast<double>(seen.good) >= seen.requests.back() - 5);
    BOOST_TEST(seen.given_up == 0u);
}

BOOST_AUTO_TEST_CASE(row_10_one_retry_for_five_requests_where_many_come) {
    // What is there at the start, and the 4.5 a second by which few requests get on too, do not count beside
    // these.
    storm const seen({10'000, minute, [](std::size_t now) { return now < minute; }, 11});
    BOOST_TEST(seen.worst_ratio() <= 1.204);
    BOOST_TEST(seen.worst_ratio() >= 1.199);
}

BOOST_AUTO_TEST_CASE(row_10_failures_that_come_and_go) {
    for (unsigned const seed : {1u, 2u, 3u}) {
        std::mt19937 random(seed);
        std::uniform_real_distribution<double> draw;
        double failing = 0;
        std::size_t asked = 0;
        auto const is_down = [&](std::size_t) {
            if (asked++ % 500 == 0)
                failing = random() % 3 == 0 ? 1 : draw(random);
            return draw(random) < failing;
        };
        storm const seen({static_cast<int>(20 + random() % 300), 5 * minute, is_down, seed});
        BOOST_TEST(seen.worst_excess() <= 300);
        BOOST_TEST(seen.given_up == 0u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
