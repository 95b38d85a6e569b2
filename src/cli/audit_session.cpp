#include "cli/audit_session.hpp"

#include "audit/next_steps.hpp"
#include "audit/run.hpp"
#include "audit/summary.hpp"
#include "audit/text.hpp"
#include "cli/duration.hpp"
#include "cli/exit_code.hpp"
#include "cli/progress_display.hpp"
#include "cli/usage_error.hpp"

#include <allot/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

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

client make_checked_client(boost::asio::io_context& context, client_params params) {
    auto made = make_client(context.get_executor(), std::move(params));
    if (!made)
        throw usage_error(made.error().message);
    return std::move(*made);
}

std::string failed_row_text(audit_row const& row) {
    std::string out = "row " + std::to_string(row.position) + ": ";
    out += to_string(row.outcome);
    out += ": " + row.error->message + " (code " + std::string(row.error->code) + ", reason " +
           std::string(row.error->reason) + ", status " + std::to_string(row.http_status) + ", attempts " +
           std::to_string(row.attempts) + ", request-id " + std::string(row.request_id) +
           ", client-request-id " + std::string(row.client_request_id) + ")";
    return out;
}

/// One audit from the first request to the summary.
class session {
public:
    session(audit_job job, row_output& output, console& terminal) :
        output_(output),
        terminal_(terminal),
        inputs_(job.input.size()),
        format_(job.format),
        sink_(make_row_writer(job.format, output)),
        client_(make_checked_client(context_, job.client)),
        display_(terminal, output.is_terminal()),
        signals_(context_, SIGINT, SIGTERM),
        tick_timer_(context_) {
        for (auto const& entry : job.input.invalid)
            write(make_row(entry));
        display_.begin(clock_type::now(), inputs_, summary_.rows());
        audit_run<batch>::parts parts{
            client_.get_allotments(
                std::move(job.input.references), std::move(job.select_and_expand), job.pace),
            std::move(job.input.positions),
            sink_.get(),
            &summary_,
            [this](audit_row const& row) { log_row(row); },
        };
        run_ = std::make_shared<audit_run<batch>>(context_.get_executor(), std::move(parts));
        terminal_.log(log_level::info, "token source: " + job.client.credential->description());
    }

    audit_report run() {
        boost::asio::co_spawn(context_, run_->run(), [this](std::exception_ptr error, run_end end) {
            error_ = error;
            end_ = std::move(end);
            context_.stop();
        });
        wait_for_signal();
        tick();
        context_.run();
        display_.finish(clock_type::now(), counts());
        // From here on a signal has its usual effect: rows may have to wait for a reader.
        signals_.clear();
        if (error_)
            std::rethrow_exception(error_);
        return finish();
    }

private:
    void write(audit_row const& row) {
        sink_->write(row);
        summary_.add(row);
        log_row(row);
    }

    void log_row(audit_row const& row) {
        if (!is_good(row.outcome) && terminal_.logs(log_level::debug))
            terminal_.log(log_level::debug, failed_row_text(row));
    }

    progress_counts counts() const { return {summary_.rows(), summary_.error_rows()}; }

    void wait_for_signal() {
        signals_.async_wait([this](boost::system::error_code error, int number) {
            if (error)
                return;
            if (!std::exchange(stopping_, true))
                terminal_.log(
                    log_level::warning,
                    "stopping: up to 10 s for what is under way; once more stops at once");
            run_->signal(number);
            wait_for_signal();
        });
    }

    void tick() {
        output_.flush();
        display_.update(clock_type::now(), counts(), client_.stats());
        tick_timer_.expires_after(tick_time);
        tick_timer_.async_wait([this](boost::system::error_code error) {
            if (!error)
                tick();
        });
    }

    audit_report finish() {
        bool const complete = summary_.rows() == inputs_;
        if (complete)
            output_.finish();
        else
            output_.leave();
        print_summary();
        audit_report report;
        report.rows = summary_.rows();
        report.error_rows = summary_.error_rows();
        report.exit_code = exit_code_of(complete);
        explain(complete);
        return report;
    }

    void print_summary() {
        if (!terminal_.logs(log_level::warning))
            return;
        auto const elapsed = clock_type::now() - started_;
        auto const stats = client_.stats();
        if (terminal_.options().format == log_format::json)
            terminal_.note("summary", summary_json(summary_, inputs_, stats, elapsed));
        else
            terminal_.print(
                summary_table(
                    summary_, inputs_, stats, elapsed, {terminal_.width(), terminal_.look().colours}) +
                next_steps(summary_, repeat_command(), terminal_.width()));
    }

    /// Shell commands that ask again for what failed; empty where the rows are not in a file to ask from.
    std::string repeat_command() const {
        bool const usable = format_ == row_format::ndjson && output_.partial_path().empty();
        return usable ? repeat_of_rows(summary_, output_.file_path()) : std::string();
    }

    int exit_code_of(bool complete) const {
        switch (end_.cause) {
        case run_cause::no_token:
        case run_cause::forbidden:
        case run_cause::untrusted:
            return exit_denied;
        case run_cause::parked:
            return exit_parked;
        case run_cause::signal:
            if (!complete)
                return 128 + end_.signal_number;
            break;
        case run_cause::complete:
            break;
        }
        return summary_.error_rows() == 0 ? exit_good : exit_error_rows;
    }

    void explain(bool complete) {
        if (!end_.message.empty())
            terminal_.log(log_level::error, end_.message);
        if (end_.resume_at)
            terminal_.log(log_level::error, "parked: resume after " + utc_text(*end_.resume_at));
        if (complete)
            return;
        auto text = with_separators(summary_.rows()) + " of " + with_separators(inputs_) +
                    " rows are done, " + with_separators(inputs_ - summary_.rows()) + " are not";
        if (!output_.partial_path().empty())
            text += "; the rows are in " + output_.partial_path();
        terminal_.log(log_level::error, text);
    }

    boost::asio::io_context context_{1};
    row_output& output_;
    console& terminal_;
    std::uint64_t inputs_;
    row_format format_;
    clock_type::time_point started_ = clock_type::now();
    audit_summary summary_;
    std::unique_ptr<result_sink> sink_;
    client client_;
    progress_display display_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer tick_timer_;
    std::shared_ptr<audit_run<batch>> run_;
    std::exception_ptr error_;
    run_end end_;
    bool stopping_ = false;
};

}

audit_report run_audit(audit_job job, row_output& output, console& terminal) {
    return session(std::move(job), output, terminal).run();
}

}
