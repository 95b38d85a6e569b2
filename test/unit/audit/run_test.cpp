#include "audit/run.hpp"
#include "unit/audit/samples.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::test;

namespace {

/// Gives the items of a script. After `stop` the batch gives those that are under way (the first ones), after
/// `cancel` these too end as cancelled.
struct script_state {
    std::deque<batch_item> items;
    std::size_t under_way = 2;
    bool stopped = false;
    bool cancelled = false;
    std::function<void(std::size_t given)> before_item = [](std::size_t) {};
    std::size_t given = 0;
    bool hangs_when_stopped = false; ///< what is under way ends only when it is cancelled
};

class scripted_batch {
public:
    explicit scripted_batch(std::shared_ptr<script_state> state) : state_(std::move(state)) {}

    boost::asio::awaitable<std::optional<batch_item>> next() {
        auto const executor = co_await boost::asio::this_coro::executor;
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
        state_->before_item(++state_->given);
        while (state_->stopped && state_->hangs_when_stopped && !state_->cancelled)
            co_await boost::asio::post(executor, boost::asio::use_awaitable);
        if (state_->items.empty() || (state_->stopped && state_->under_way == 0))
            co_return std::nullopt;
        if (state_->stopped)
            --state_->under_way;
        auto item = std::move(state_->items.front());
        state_->items.pop_front();
        if (state_->cancelled)
            item.result = sample_failure(errc::cancelled, 0, end_reason::cancelled);
        co_return item;
    }

    void stop() { state_->stopped = true; }
    void cancel() { state_->stopped = state_->cancelled = true; }
    std::optional<strategy_choice> chosen() const { return std::nullopt; }

private:
    std::shared_ptr<script_state> state_;
};

class kept_rows final : public audit_ledger {
public:
    std::uint64_t inputs() const override { return 6; }
    bool is_complete() const override { return rows.size() == 6; }
    std::optional<std::string> walk() const override { return std::nullopt; }
    void take(assignment_page const&, list_scope const&) override {}
    void restart_walk() override {}
    reference_source references() override { return std::vector<assignment_ref>(); }

    void write(batch_item const& item) override {
        if (rows.size() == fail_at)
            throw std::runtime_error("disk full");
        auto const row = make_row(positions[item.position - 1], item);
        rows.push_back(std::to_string(row.position) + ' ' + to_string(row.outcome));
        added.add(row);
    }

    bool has_room() override {
        ++asked;
        return room(asked);
    }

    void tick(client_stats const&) override {}
    void end(run_end const&, client_stats const&) override {}
    audit_summary const& summary() const override { return added; }
    std::string whereabouts() const override { return {}; }
    std::string repeat_command() const override { return {}; }

    std::vector<std::uint64_t> positions{1, 2, 3, 4, 5, 6};
    std::vector<std::string> rows;
    audit_summary added;
    std::size_t fail_at = 1'000;
    int asked = 0;
    std::function<bool(int asked)> room = [](int) { return true; };
};

struct fixture {
    std::shared_ptr<script_state> script = std::make_shared<script_state>();
    kept_rows ledger;
    std::shared_ptr<audit_run<scripted_batch>> run;
    std::chrono::milliseconds grace{10'000};

    run_end go() {
        boost::asio::io_context context;
        audit_run<scripted_batch>::parts parts{scripted_batch(script), &ledger, grace};
        run = std::make_shared<audit_run<scripted_batch>>(context.get_executor(), std::move(parts));
        std::optional<run_end> end;
        std::exception_ptr failed;
        boost::asio::co_spawn(context, run->run(), [&](std::exception_ptr error, run_end value) {
            failed = error;
            end = std::move(value);
        });
        context.run();
        run.reset();
        if (failed)
            std::rethrow_exception(failed);
        return *end;
    }

    void expect_rows(std::vector<std::string> const& expected) const {
        BOOST_TEST(ledger.rows == expected, boost::test_tools::per_element());
        BOOST_TEST(ledger.added.rows() == expected.size());
    }
};

}

BOOST_FIXTURE_TEST_SUITE(run, fixture)

BOOST_AUTO_TEST_CASE(rows_come_in_the_order_of_answers_under_their_positions) {
    ledger.positions = {2, 3, 7};
    script->items = {good_item(3), failed_item(1, sample_failure(errc::not_found, 404)), good_item(2)};
    BOOST_TEST((go().cause == run_cause::complete));
    expect_rows({"7 ok", "2 not_found", "3 ok"});
}

BOOST_AUTO_TEST_CASE(duplicates_have_a_row_each) {
    script->items = {good_item(1), good_item(2), good_item(3)};
    ledger.positions = {1, 2, 9};
    go();
    expect_rows({"1 ok", "2 ok", "9 ok"});
}

BOOST_AUTO_TEST_CASE(an_empty_batch_is_complete) {
    BOOST_TEST((go().cause == run_cause::complete));
    expect_rows({});
}

BOOST_AUTO_TEST_CASE(without_a_token_the_rest_stays_pending) {
    script->items = {
        good_item(1), failed_item(2, sample_failure(errc::unauthorized, 401)), good_item(3),
        failed_item(4, sample_failure(errc::unauthorized, 401)), good_item(5)};
    BOOST_TEST((go().cause == run_cause::no_token));
    expect_rows({"1 ok", "3 ok"});
    BOOST_TEST(script->stopped);
    BOOST_TEST(!script->cancelled);
}

BOOST_AUTO_TEST_CASE(refusals_from_the_start_end_the_run) {
    ledger.positions.assign(100, 1);
    for (std::uint64_t at = 1; at != 100; ++at)
        script->items.push_back(failed_item(at, sample_failure(errc::forbidden, 403)));
    BOOST_TEST((go().cause == run_cause::forbidden));
    BOOST_TEST(ledger.rows.size() == 22U); // 20 and what was under way
}

BOOST_AUTO_TEST_CASE(a_parked_run_stops) {
    script->items = {
        good_item(1), failed_item(2, sample_failure(errc::parked, 429, end_reason::parked)), good_item(3)};
    BOOST_TEST((go().cause == run_cause::parked));
    expect_rows({"1 ok", "3 ok"});
}

BOOST_AUTO_TEST_CASE(a_signal_lets_what_is_under_way_finish) {
    script->items = {good_item(1), good_item(2), good_item(3), good_item(4), good_item(5)};
    script->before_item = [this](std::size_t given) {
        if (given == 2)
            run->signal(SIGINT);
    };
    auto const end = go();
    BOOST_TEST((end.cause == run_cause::signal));
    BOOST_TEST(end.signal_number == SIGINT);
    expect_rows({"1 ok", "2 ok", "3 ok"});
}

BOOST_AUTO_TEST_CASE(a_second_signal_drops_what_is_under_way) {
    script->items = {good_item(1), good_item(2), good_item(3)};
    script->before_item = [this](std::size_t given) {
        if (given == 2) {
            run->signal(SIGINT);
            run->signal(SIGINT);
        }
    };
    BOOST_TEST((go().cause == run_cause::signal));
    BOOST_TEST(script->cancelled);
    expect_rows({"1 ok"});
}

BOOST_AUTO_TEST_CASE(what_outlasts_the_grace_is_dropped) {
    script->items = {good_item(1), good_item(2), good_item(3)};
    script->hangs_when_stopped = true;
    grace = std::chrono::milliseconds(0);
    script->before_item = [this](std::size_t given) {
        if (given == 2)
            run->signal(SIGTERM);
    };
    BOOST_TEST((go().cause == run_cause::signal));
    BOOST_TEST(script->cancelled);
    expect_rows({"1 ok"});
}

BOOST_AUTO_TEST_CASE(a_full_ledger_holds_the_batch_back) {
    script->items = {good_item(1), good_item(2)};
    ledger.room = [](int asked) { return asked > 3; };
    script->before_item = [this](std::size_t given) {
        if (given == 2)
            BOOST_TEST(ledger.asked == 4);
    };
    BOOST_TEST((go().cause == run_cause::complete));
    expect_rows({"1 ok", "2 ok"});
}

BOOST_AUTO_TEST_CASE(a_run_that_stops_does_not_wait_for_a_full_ledger) {
    script->items = {good_item(1), good_item(2), good_item(3), good_item(4)};
    ledger.room = [this](int) {
        run->signal(SIGINT);
        return false;
    };
    BOOST_TEST((go().cause == run_cause::signal));
    BOOST_TEST(ledger.asked == 1);
    expect_rows({"1 ok", "2 ok", "3 ok"});
}

BOOST_AUTO_TEST_CASE(a_ledger_that_fails_ends_the_run) {
    ledger.fail_at = 1;
    script->items = {good_item(1), good_item(2), good_item(3)};
    BOOST_CHECK_THROW(go(), std::runtime_error);
    BOOST_TEST(ledger.rows.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
