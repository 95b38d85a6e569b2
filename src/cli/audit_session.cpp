#include "cli/audit_session.hpp"

#include "audit/next_steps.hpp"
#include "audit/run.hpp"
#include "audit/summary.hpp"
#include "audit/text.hpp"
#include "cli/client_crew.hpp"
#include "cli/clock_warning.hpp"
#include "cli/duration.hpp"
#include "cli/exit_code.hpp"
#include "cli/progress_display.hpp"

#include <allot/client.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <csignal>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace allot {
namespace {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

constexpr auto tick_time = 100ms;

std::string failed_row_text(audit_row const& row) {
    std::string out = "row " + std::to_string(row.position) + ": ";
    out += to_string(row.outcome);
    out += ": " + row.error->message + " (code " + std::string(row.error->code) + ", reason " +
           std::string(row.error->reason) + ", status " + std::to_string(row.http_status) + ", attempts " +
           std::to_string(row.attempts) + ", request-id " + std::string(row.request_id) +
           ", client-request-id " + std::string(row.client_request_id) + ")";
    return out;
}

log_members members_of(audit_row const& row) {
    log_members out;
    out.add("position", row.position)
        .add("scope", to_string(row.scope))
        .add("principalId", row.principal_id)
        .add("assignmentId", row.assignment_id)
        .add("outcome", to_string(row.outcome))
        .add("error", row.error->code)
        .add("reason", row.error->reason);
    if (row.http_status != 0)
        out.add("status", row.http_status);
    out.add("attempts", row.attempts)
        .add("request_id", row.request_id)
        .add("client_request_id", row.client_request_id);
    return out;
}

/// One audit from the first request to the summary.
class session {
public:
    session(audit_job job, audit_ledger& ledger, bool rows_on_terminal, console& terminal) :
        ledger_(ledger),
        terminal_(terminal),
        crew_(context_, job.client, job.threads),
        display_(terminal, rows_on_terminal),
        signals_(context_, SIGINT, SIGTERM),
        tick_timer_(context_),
        job_(std::move(job)) {
        if (!ledger.walk() && !job_.not_before)
            make_run();
        terminal_.log(log_level::info, "token source: " + job_.client.credential->description());
    }

    audit_report run() {
        auto ended = [this](std::exception_ptr error, run_end end) {
            error_ = error;
            end_ = std::move(end);
            context_.stop();
        };
        boost::asio::co_spawn(
            context_, list_and_fetch(),
            boost::asio::bind_cancellation_slot(listing_cancelled_.slot(), std::move(ended)));
        wait_for_signal();
        tick();
        run_context();
        if (run_)
            display_.finish(clock_type::now(), counts());
        else
            display_.clear();
        // From here on a signal has its usual effect: rows may have to wait for a reader.
        signals_.clear();
        if (error_)
            std::rethrow_exception(error_);
        return finish();
    }

private:
    /// No thread outlives it that could use what is destroyed when it throws.
    void run_context() {
        struct at_end {
            client_crew& crew;
            ~at_end() { crew.stop(); }
        } const stopping{crew_};
        context_.run();
    }

    boost::asio::awaitable<run_end> list_and_fetch() {
        bool on_time = true;
        if (job_.not_before)
            on_time = co_await wait_until(*job_.not_before);
        if (!on_time) {
            run_end stopped;
            stopped.cause = run_cause::signal;
            stopped.signal_number = signal_;
            co_return stopped;
        }
        if (!run_ && !ledger_.walk())
            make_run();
        if (ledger_.walk()) {
            auto stopped = co_await walk_list(crew_.first(), *job_.list, ledger_);
            if (stopped) {
                stopped->signal_number = signal_;
                co_return std::move(*stopped);
            }
            make_run();
        }
        auto end = co_await run_->run();
        co_return end;
    }

    /// False when a signal came first.
    boost::asio::awaitable<bool> wait_until(std::chrono::system_clock::time_point at) {
        auto const left = at - std::chrono::system_clock::now();
        if (left <= left.zero())
            co_return true;
        terminal_.log(
            log_level::warning, "Graph asked an earlier run for no requests before " + utc_text(at) +
                                    ": waiting " +
                                    short_duration(std::chrono::ceil<std::chrono::milliseconds>(left)));
        co_await boost::asio::this_coro::throw_if_cancelled(false);
        boost::asio::steady_timer timer(context_, left);
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        co_return signal_ == 0;
    }

    void make_run() {
        display_.begin(clock_type::now(), ledger_.inputs(), summary().rows());
        if (crew_.size() == 1)
            run_ =
                run_of(crew_.first().get_allotments(ledger_.references(), job_.select_and_expand, job_.pace));
        else
            run_ = run_of(dealt_batch(
                crew_.hands(), context_.get_executor(), ledger_.references(), job_.select_and_expand,
                crew_.share(job_.pace)));
    }

    template <class Batch>
    std::shared_ptr<audit_runner> run_of(Batch answers) {
        typename audit_run<Batch>::parts parts{std::move(answers), &ledger_};
        return std::make_shared<audit_run<Batch>>(context_.get_executor(), std::move(parts));
    }

    audit_summary const& summary() const { return ledger_.summary(); }

    progress_counts counts() const { return {summary().rows(), summary().error_rows()}; }

    void wait_for_signal() {
        signals_.async_wait([this](boost::system::error_code error, int number) {
            if (error)
                return;
            signal_ = number;
            if (run_)
                stop_run();
            else
                listing_cancelled_.emit(boost::asio::cancellation_type::terminal);
            wait_for_signal();
        });
    }

    void stop_run() {
        if (!std::exchange(stopping_, true))
            terminal_.log(
                log_level::warning, "stopping: up to 10 s for what is under way; once more stops at once");
        run_->signal(signal_);
    }

    void tick() {
        auto const stats = crew_.stats();
        auto const now = clock_type::now();
        ledger_.tick(stats);
        if (job_.metrics)
            job_.metrics->update(stats);
        warn_of_clock(stats);
        tell_choice();
        if (run_)
            display_.update(now, counts(), stats);
        else if (ledger_.walk())
            display_.counting(now, "listing", ledger_.inputs(), "assignments", stats);
        tick_timer_.expires_after(tick_time);
        tick_timer_.async_wait([this](boost::system::error_code error) {
            if (!error)
                tick();
        });
    }

    /// What an automatic strategy has decided.
    void tell_choice() {
        if (choice_told_ || !run_)
            return;
        auto const choice = run_->chosen();
        choice_told_ = choice.has_value();
        if (choice)
            tell(plan_choice_of(*choice), terminal_);
    }

    void warn_of_clock(client_stats const& stats) {
        if (clock_warned_)
            return;
        auto const warning = clock_warning(stats.issuer_clock_offset);
        clock_warned_ = warning.has_value();
        if (warning)
            terminal_.log(log_level::warning, *warning);
    }

    audit_report finish() {
        warn_of_clock(crew_.stats()); // a short run has had no tick since its token came
        tell_choice();
        ledger_.end(end_, crew_.stats());
        bool const complete = ledger_.is_complete();
        print_summary();
        audit_report report;
        report.rows = summary().rows();
        report.error_rows = summary().error_rows();
        report.exit_code = exit_code_of(complete);
        explain(complete);
        return report;
    }

    void print_summary() {
        if (!terminal_.logs(log_level::warning))
            return;
        auto const elapsed = clock_type::now() - started_;
        auto const stats = crew_.stats();
        if (terminal_.options().format == log_format::json)
            terminal_.note("summary", summary_json(summary(), ledger_.inputs(), stats, elapsed));
        else
            terminal_.print(
                summary_table(
                    summary(), ledger_.inputs(), stats, elapsed,
                    {terminal_.width(), terminal_.look().colours}) +
                next_steps(summary(), ledger_.repeat_command(), terminal_.width()));
    }

    int exit_code_of(bool complete) const {
        switch (end_.cause) {
        case run_cause::no_token:
        case run_cause::forbidden:
        case run_cause::untrusted:
            return exit_denied;
        case run_cause::parked:
            return exit_parked;
        case run_cause::unlisted:
            return exit_error_rows;
        case run_cause::signal:
            if (!complete)
                return 128 + end_.signal_number;
            break;
        case run_cause::complete:
            break;
        }
        return summary().error_rows() == 0 ? exit_good : exit_error_rows;
    }

    void explain(bool complete) {
        if (!end_.message.empty())
            terminal_.log(log_level::error, end_.message);
        if (end_.resume_at)
            terminal_.log(log_level::error, "parked: resume after " + utc_text(*end_.resume_at));
        if (complete)
            return;
        if (ledger_.walk())
            return terminal_.log(
                log_level::error, "the list is not complete: " + with_separators(ledger_.inputs()) +
                                      " assignments so far" + whereabouts());
        auto text = with_separators(summary().rows()) + " of " + with_separators(ledger_.inputs()) +
                    " rows are done, " + with_separators(ledger_.inputs() - summary().rows()) + " are not";
        terminal_.log(log_level::error, text + whereabouts());
    }

    std::string whereabouts() const {
        auto const where = ledger_.whereabouts();
        return where.empty() ? where : "; " + where;
    }

    boost::asio::io_context context_{1};
    audit_ledger& ledger_;
    console& terminal_;
    clock_type::time_point started_ = clock_type::now();
    client_crew crew_;
    progress_display display_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer tick_timer_;
    boost::asio::cancellation_signal listing_cancelled_;
    audit_job job_;
    std::shared_ptr<audit_runner> run_; ///< behind the listing
    std::exception_ptr error_;
    run_end end_;
    bool stopping_ = false;
    bool clock_warned_ = false;
    bool choice_told_ = false;
    int signal_ = 0;
};

}

void tell(plan_choice const& choice, console& terminal) {
    terminal.log(
        log_level::info, std::string("strategy ") + to_string(choice.strategy) + ": " + choice.reason);
}

audit_report run_audit(audit_job job, audit_ledger& ledger, bool rows_on_terminal, console& terminal) {
    return session(std::move(job), ledger, rows_on_terminal, terminal).run();
}

row_observer watch_rows(audit_job const& job, console& terminal) {
    return [&terminal, metrics = job.metrics](audit_row const& row) {
        if (metrics)
            metrics->count(row);
        if (!is_good(row.outcome) && terminal.logs(log_level::debug))
            terminal.event(log_level::debug, "error_row", failed_row_text(row), members_of(row));
    };
}

}
