// The part of `batch_impl` that sends references in envelopes.
#include "client/batch_impl.hpp"
#include "client/strategy.hpp"
#include "io/failures.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

// So many for each connection: the first ones are late by handshakes.
constexpr std::size_t telling_answers = 2;

failure with_cause(failure made, std::optional<failure> const& before) {
    if (before)
        made.message += "; before: " + before->message;
    return made;
}

}

asio::awaitable<void> batch_impl::work_in_envelopes(std::shared_ptr<batch_impl> self, std::size_t index) {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    client_impl::operation const under_way(self->client_);
    auto& exchange = self->client_->exchange();
    envelope_load load;
    for (;;) {
        switch (self->gather(index, load)) {
        case turn::end:
            co_return;
        case turn::wait:
            co_await self->workers_[index].spot.wait(load.look_again);
            continue;
        case turn::joined:
        case turn::fetch:
            break;
        }
        auto const size = load.items.size();
        // Where one of those that spoil every envelope may be in it, failure says nothing of the size.
        bool const suspect = std::any_of(load.items.begin(), load.items.end(), [](auto const* each) {
            return each->most < most_in_envelope;
        });
        auto how = envelope_verdict::good;
        if (size == 1) {
            auto& item = *load.items.front();
            std::optional<result<allotment>> outcome;
            co_await exchange.get_allotment(
                *item.reference, self->options_, self->encoded_query_, item.info, outcome, &item);
            item.ended = true;
            if (*outcome)
                item.found = std::move(**outcome);
            else {
                item.found.reset();
                item.failed = std::move(*outcome).error();
                how = item.failed->reason == end_reason::permanent ? envelope_verdict::good
                                                                   : envelope_verdict::neutral;
            }
        } else {
            how = co_await exchange.get_envelope(load.items, self->options_, self->encoded_query_);
        }
        if (how != envelope_verdict::bad || !suspect)
            self->desk_->size.on_answer(size, how);
        self->give_back(load);
    }
}

batch_impl::turn batch_impl::gather(std::size_t index, envelope_load& next) {
    auto& desk = *desk_;
    auto& retries = client_->exchange().retries();
    auto const now = clock::now();
    next.clear();
    if (desk.queue.next_deadline() <= now)
        give_up(desk.queue.take_expired(now), deadline_failure("the next attempt"));
    decide();
    if (desk.strategy == batch_strategy::batch && index >= desk.workers)
        return hand_over();

    bool no_budget = false;
    auto const take_budget = [&] {
        no_budget = !retries.try_enter(now);
        return !no_budget;
    };
    std::vector<envelope_queue::entry> due;
    auto const size = desk.queue.take(now, desk.size_now(), take_budget, due);
    for (auto const& each : due) {
        next.fetches.push_back(each.request);
        next.items.push_back(&*desk.items[each.request]);
    }
    auto outcome = turn::fetch;
    gather_new(index, size, next, outcome);
    if (!next.items.empty())
        return turn::fetch;
    // What is under way may have to be sent again.
    if (outcome == turn::end && desk.open != 0 && !desk.cancelled)
        outcome = turn::wait;
    if (desk.queue.empty())
        return outcome;
    auto at = *desk.queue.next_at();
    if (no_budget)
        at = std::max(at, retries.next_at(now));
    next.look_again = std::min(at, desk.queue.next_deadline());
    return turn::wait;
}

/// There are more workers than may send envelopes.
batch_impl::turn batch_impl::hand_over() {
    std::unique_lock lock(mutex_);
    auto const waiting = workers_to_wake();
    lock.unlock();
    wake_workers(waiting);
    return turn::end;
}

void batch_impl::gather_new(std::size_t index, std::size_t size, envelope_load& next, turn& outcome) {
    auto& desk = *desk_;
    while (next.items.size() < size) {
        // Begun with the first one only where all have room: the reader takes results one by one.
        bool const first = next.items.empty();
        job added;
        outcome = take_new(index, first ? size : 1, first, added);
        if (outcome == turn::joined)
            continue;
        if (outcome != turn::fetch)
            return;
        auto const problem = query_problem_ ? query_problem_ : client_impl::problem_of(*added.reference);
        if (problem) {
            complete(added.fetch, *problem, {});
            continue;
        }
        if (desk.items.size() <= added.fetch)
            desk.items.resize(added.fetch + 1);
        desk.items[added.fetch].emplace(client_->exchange().begin_item(added.position, *added.reference));
        ++desk.open;
        next.fetches.push_back(added.fetch);
        next.items.push_back(&*desk.items[added.fetch]);
    }
}

void batch_impl::give_back(envelope_load const& load) {
    auto& desk = *desk_;
    bool news = false;
    {
        std::lock_guard const lock(mutex_);
        for (std::size_t at = 0; at != load.items.size(); ++at) {
            auto& item = *load.items[at];
            auto const fetch = load.fetches[at];
            if (!item.ended && desk.cancelled)
                item.failed = with_cause(cancelled_failure(), item.failed);
            if (item.ended || desk.cancelled) {
                auto info = std::move(item.info);
                state_.complete(fetch, item.take_result(), std::move(info));
                desk.items[fetch].reset();
                news = --desk.open == 0 || news;
                continue;
            }
            news = true;
            desk.queue.add(
                item.again_at,
                {fetch, item.most, item.on_budget, item.deadline.value_or(clock::time_point::max())});
        }
        wake_reader();
    }
    desk.answers += load.items.size();
    // Whoever has nothing to do may be the first to be free for them.
    if (news)
        for (auto& each : workers_)
            each.spot.wake();
}

void batch_impl::give_up(std::vector<envelope_queue::entry> const& entries, failure const& why) {
    for (auto const& each : entries) {
        auto& item = *desk_->items[each.request];
        auto outcome = with_cause(why, item.failed);
        item.info.attempts = item.retry.attempts();
        item.info.duration = clock::now() - item.started;
        outcome.exchange = item.info;
        complete(each.request, std::move(outcome), std::move(item.info));
        desk_->items[each.request].reset();
        --desk_->open;
    }
}

void batch_impl::decide() {
    auto& desk = *desk_;
    if (desk.strategy != batch_strategy::automatic)
        return;
    auto& exchange = client_->exchange();
    strategy_facts facts;
    facts.connections = client_->connections();
    facts.count = count_;
    if (desk.answers >= telling_answers * client_->connections())
        facts.answer_time = exchange.quickest_answer();
    facts.rate = exchange.gate_figures().rate;
    if (auto const most = exchange.max_rate())
        facts.rate = std::min(facts.rate.value_or(*most), *most);
    auto choice = choose_strategy(facts);
    if (!choice)
        return;
    desk.strategy = choice->strategy;
    std::lock_guard const lock(mutex_);
    chosen_ = std::move(choice);
}

}
