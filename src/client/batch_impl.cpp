#include "client/batch_impl.hpp"

#include "io/failures.hpp"
#include "protocol/target.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace allot {
namespace asio = boost::asio;

namespace {

std::size_t or_default(std::size_t value, std::size_t otherwise) {
    return value != 0 ? value : otherwise;
}

std::size_t concurrency_of(batch_params const& params, std::size_t connections) {
    bool const alone = params.strategy() == batch_strategy::get;
    return or_default(params.concurrency(), connections * (alone ? 1 : most_in_envelope));
}

}

batch_impl::batch_impl(
    std::shared_ptr<client_impl> client, reference_source source, query options, batch_params const& params) :
    client_(std::move(client)),
    options_(std::move(options)),
    query_problem_(check(options_)),
    references_(std::move(source.references_)),
    generator_(std::move(source.generator_)),
    count_(source.count_),
    state_(
        concurrency_of(params, client_->connections()),
        or_default(params.buffer(), concurrency_of(params, client_->connections()))) {
    if (!query_problem_)
        encoded_query_ = encode_query(options_);
    if (!generator_) {
        duplicates_.emplace(references_);
        count_ = references_.size();
    }
    auto workers = concurrency_of(params, client_->connections());
    if (params.strategy() != batch_strategy::get) {
        auto const layout = envelope_layout::of(workers);
        desk_.emplace(params.strategy(), layout);
        // An automatic strategy may turn out to be one request for each.
        workers = params.strategy() == batch_strategy::batch ? layout.workers
                                                             : std::min(workers, client_->connections());
    }
    for (; workers != 0; --workers)
        workers_.emplace_back(client_->strand());
}

void batch_impl::start() {
    asio::post(client_->strand(), [self = shared_from_this()] {
        for (std::size_t index = 0; index != self->workers_.size(); ++index)
            asio::co_spawn(
                self->client_->strand(), self->desk_ ? work_in_envelopes(self, index) : work(self, index),
                asio::bind_cancellation_slot(self->workers_[index].cancelled.slot(), asio::detached));
    });
}

asio::awaitable<void> batch_impl::work(std::shared_ptr<batch_impl> self, std::size_t index) {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    client_impl::operation const under_way(self->client_);
    for (;;) {
        job next;
        switch (self->take_turn(index, next)) {
        case turn::end:
            co_return;
        case turn::joined:
            continue;
        case turn::wait:
            co_await self->workers_[index].spot.wait(std::nullopt);
            continue;
        case turn::fetch:
            break;
        }
        if (self->query_problem_) {
            self->complete(next.fetch, *self->query_problem_, {});
            continue;
        }
        co_await self->client_->fetch(
            *next.reference, self->options_, self->encoded_query_, next.place->exchange, next.place->outcome);
        self->complete(next.fetch);
    }
}

batch_impl::turn batch_impl::take_turn(std::size_t index, job& next) {
    return take_new(index, 1, true, next);
}

batch_impl::turn batch_impl::take_new(std::size_t index, std::size_t wanted, bool to_wait, job& next) {
    {
        std::lock_guard const lock(mutex_);
        if (state_.stopped())
            return turn::end;
        if (!state_.has_room(wanted)) {
            // It may be there still, where something else has woken it.
            if (to_wait && !std::exchange(workers_[index].in_line, true))
                state_.wait_for_room(index, wanted);
            return turn::wait;
        }
    }
    return generator_ ? add_generated(next) : add_listed(next);
}

batch_impl::turn batch_impl::add_generated(job& next) {
    // Called without the lock: it may take its time.
    auto reference = generator_();
    if (!reference) {
        end_input();
        return turn::end;
    }
    std::lock_guard const lock(mutex_);
    if (state_.stopped())
        return turn::end;
    auto const added = state_.add(std::move(*reference));
    if (!added)
        return turn::joined;
    next = job_of(*added);
    return turn::fetch;
}

batch_impl::turn batch_impl::add_listed(job& next) {
    while (next_reference_ != references_.size() && duplicates_->repeats(next_reference_))
        ++next_reference_;
    if (next_reference_ == references_.size()) {
        end_input();
        return turn::end;
    }
    std::vector<std::uint64_t> positions;
    for (auto at = next_reference_; at != duplicate_chain::none; at = duplicates_->next(at))
        positions.push_back(at + 1);
    auto& reference = references_[next_reference_++];
    std::lock_guard const lock(mutex_);
    if (state_.stopped())
        return turn::end;
    auto const added = state_.add(std::move(reference), positions);
    next = job_of(added);
    return turn::fetch;
}

batch_impl::job batch_impl::job_of(batch_state::fetch_id added) {
    return {added, &state_.reference(added), state_.position(added), &state_.place_of(added)};
}

void batch_impl::complete(batch_state::fetch_id fetch) {
    std::lock_guard const lock(mutex_);
    state_.complete(fetch);
    wake_reader();
}

void batch_impl::complete(batch_state::fetch_id fetch, result<allotment>&& outcome, exchange_info&& info) {
    std::lock_guard const lock(mutex_);
    state_.complete(fetch, std::move(outcome), std::move(info));
    wake_reader();
}

void batch_impl::end_input() {
    std::unique_lock lock(mutex_);
    state_.input_ended();
    auto const waiting = workers_to_wake();
    wake_reader();
    lock.unlock();
    wake_workers(waiting);
}

// No local item: with one the frame would be larger than those that Asio uses again.
asio::awaitable<std::optional<batch_item>> batch_impl::next(std::shared_ptr<batch_impl> self) {
    while (!self->has_next()) {
        bool const woken = co_await self->wait_for_result();
        if (!woken)
            co_return std::nullopt;
    }
    co_return self->take_next();
}

bool batch_impl::has_next() const {
    std::lock_guard const lock(mutex_);
    return state_.has_ready() || state_.finished();
}

std::optional<batch_item> batch_impl::take_next() {
    std::unique_lock lock(mutex_);
    auto item = state_.take();
    auto const waiting = workers_to_wake();
    lock.unlock();
    wake_workers(waiting);
    return item;
}

asio::awaitable<bool> batch_impl::wait_for_result() {
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        co_return false;
    auto const executor = co_await asio::this_coro::executor;
    // Begun under the lock, so that no result can come between the look and the wait.
    auto wait = [this, executor](auto handler) {
        std::lock_guard const lock(mutex_);
        reader_.emplace(executor);
        reader_waits_ = true;
        if (!state_.has_ready() && !state_.finished())
            reader_->expires_at(asio::steady_timer::time_point::max());
        reader_->async_wait(std::move(handler));
    };
    auto const token = asio::as_tuple(asio::use_awaitable);
    co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(std::move(wait), token);
    std::lock_guard const lock(mutex_);
    // Whoever woke it took the mark away; a cancellation leaves it.
    co_return !std::exchange(reader_waits_, false) || state_.has_ready() || state_.finished();
}

void batch_impl::wake_reader() {
    if (std::exchange(reader_waits_, false))
        reader_->cancel();
}

std::vector<batch_state::worker_id> batch_impl::workers_to_wake() {
    std::vector<batch_state::worker_id> ids;
    while (auto const id = state_.take_worker()) {
        workers_[*id].in_line = false;
        ids.push_back(*id);
    }
    return ids;
}

void batch_impl::wake_workers(std::vector<batch_state::worker_id> const& ids) {
    if (ids.empty())
        return;
    asio::post(client_->strand(), [self = shared_from_this(), ids] {
        for (auto const id : ids)
            self->workers_[id].spot.wake();
    });
}

std::optional<strategy_choice> batch_impl::chosen() const {
    std::lock_guard const lock(mutex_);
    return chosen_;
}

void batch_impl::stop() {
    end_input();
}

void batch_impl::cancel() {
    end_input();
    asio::post(client_->strand(), [self = shared_from_this()] {
        for (auto& each : self->workers_)
            each.cancelled.emit(asio::cancellation_type::terminal);
        if (self->desk_) {
            self->desk_->cancelled = true;
            self->give_up(self->desk_->queue.take_all(), cancelled_failure());
        }
    });
}

}
