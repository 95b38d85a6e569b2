#pragma once

#include "audit/ledger.hpp"
#include "audit/run_state.hpp"

#include <allot/batch.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace allot {

/// The fetching part of an audit. Thread safety: shared: unsafe; all members run on the executor's thread.
class audit_runner {
public:
    virtual ~audit_runner() = default;

    /// Runs to the end. Preconditions: owned by a shared_ptr, which the caller keeps until the end.
    /// Cancellation: none; see `signal`. Errors: what the ledger throws; destroying the run then ends the
    /// batch.
    virtual boost::asio::awaitable<run_end> run() = 0;

    /// A signal came: the first stops the run, a further one ends it at once.
    virtual void signal(int number) = 0;

    /// As `batch::chosen`.
    virtual std::optional<strategy_choice> chosen() const = 0;
};

/// Takes the answers of a batch one after the other and writes their rows. `Batch` has the members `next`,
/// `stop`, `cancel` and `chosen` of `allot::batch`; what `next` returns is null at the end, else refers to an
/// item.
template <class Batch>
class audit_run final : public audit_runner, public std::enable_shared_from_this<audit_run<Batch>> {
public:
    struct parts {
        Batch batch;
        audit_ledger* ledger;                    ///< outlives the run
        std::chrono::milliseconds grace{10'000}; ///< for what is under way when the run stops
    };

    audit_run(boost::asio::any_io_executor executor, parts value) :
        parts_(std::move(value)),
        grace_timer_(executor),
        pause_timer_(std::move(executor)) {}

    boost::asio::awaitable<run_end> run() override {
        while (auto const item = co_await parts_.batch.next()) {
            auto const verdict = state_.on_item(*item);
            if (verdict.is_row)
                parts_.ledger->write(*item);
            apply(verdict.next);
            // A run that stops does not wait: what is left of it is little.
            while (!state_.is_stopping() && !parts_.ledger->has_room()) {
                pause_timer_.expires_after(room_pause);
                co_await pause_timer_.async_wait(boost::asio::use_awaitable);
            }
        }
        grace_timer_.cancel();
        co_return state_.end();
    }

    void signal(int number) override { apply(state_.on_signal(number)); }

    std::optional<strategy_choice> chosen() const override { return parts_.batch.chosen(); }

private:
    void apply(run_state::action next) {
        switch (next) {
        case run_state::action::none:
            break;
        case run_state::action::stop:
            parts_.batch.stop();
            grace_timer_.expires_after(parts_.grace);
            grace_timer_.async_wait([weak = this->weak_from_this()](boost::system::error_code error) {
                auto const self = weak.lock();
                if (self && !error)
                    self->apply(self->state_.on_grace_over());
            });
            break;
        case run_state::action::cancel:
            parts_.batch.cancel();
            break;
        }
    }

    static constexpr std::chrono::milliseconds room_pause{2};

    parts parts_;
    run_state state_;
    boost::asio::steady_timer grace_timer_;
    boost::asio::steady_timer pause_timer_;
};

}
