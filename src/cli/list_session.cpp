#include "cli/list_session.hpp"

#include "audit/text.hpp"
#include "cli/clock_warning.hpp"
#include "cli/exit_code.hpp"
#include "cli/failure_report.hpp"
#include "cli/interruption.hpp"
#include "cli/progress_display.hpp"
#include "cli/usage_error.hpp"
#include "json/ascii.hpp"
#include "json/encode.hpp"

#include <allot/client.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace allot {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto tick_time = 100ms;
constexpr auto room_pause = 10ms;

/// What is asked for: the ids at least, and nothing else where nothing else is wanted.
query with_id(query options) {
    bool const narrowed = !options.selected().empty() || options.expanded().empty();
    auto const is_id = [](std::string_view member) { return same_name(member, "id"); };
    if (narrowed && std::ranges::none_of(options.selected(), is_id))
        options.select("id");
    return options;
}

client make_checked_client(asio::io_context& context, client_params params) {
    auto made = make_client(context.get_executor(), std::move(params));
    if (!made)
        throw usage_error(made.error().message);
    return std::move(*made);
}

class session {
public:
    session(list_job job, row_output* output, console& terminal) :
        output_(output),
        terminal_(terminal),
        metrics_(std::move(job.metrics)),
        scope_(job.scope),
        with_members_(!job.select_and_expand.selected().empty() || !job.select_and_expand.expanded().empty()),
        client_(make_checked_client(context_, job.client)),
        pages_(client_.list_assignments(
            std::move(job.scope), with_id(std::move(job.select_and_expand)), std::move(job.pages))),
        interruption_(context_),
        display_(terminal, output != nullptr && output->is_terminal()),
        tick_timer_(context_),
        pause_timer_(context_) {
        terminal_.log(log_level::info, "token source: " + job.client.credential->description());
    }

    list_end run() {
        auto ended = [this](std::exception_ptr error) {
            error_ = error;
            context_.stop();
        };
        asio::co_spawn(
            context_, read_pages(), asio::bind_cancellation_slot(interruption_.slot(), std::move(ended)));
        tick();
        context_.run();
        display_.clear();
        // From here on a signal has its usual effect: rows may have to wait for a reader.
        interruption_.release();
        if (error_)
            std::rethrow_exception(error_);
        return finish();
    }

private:
    asio::awaitable<void> read_pages() {
        co_await asio::this_coro::throw_if_cancelled(false);
        while (!interruption_.signal()) {
            auto const page = co_await pages_.next();
            if (!page) {
                complete_ = true;
                co_return;
            }
            if (!*page) {
                failed_ = page->error();
                co_return;
            }
            take(**page);
            while (!interruption_.signal() && output_ != nullptr && !output_->has_room()) {
                pause_timer_.expires_after(room_pause);
                // Without an exception where a signal ends the wait.
                co_await pause_timer_.async_wait(asio::as_tuple(asio::use_awaitable));
            }
        }
    }

    void take(assignment_page const& page) {
        listed_ += page.assignments.size();
        if (output_ == nullptr)
            return;
        for (auto const& each : page.assignments) {
            row_.clear();
            append_list_row(row_, scope_, each, with_members_);
            output_->append(row_);
        }
        output_->flush();
    }

    void tick() {
        if (output_ != nullptr)
            output_->flush();
        auto const stats = client_.stats();
        if (metrics_)
            metrics_->update(stats);
        display_.counting(std::chrono::steady_clock::now(), "listing", listed_, "assignments", stats);
        tick_timer_.expires_after(tick_time);
        tick_timer_.async_wait([this](boost::system::error_code error) {
            if (!error)
                tick();
        });
    }

    list_end finish() {
        if (auto const warning = clock_warning(client_.stats().issuer_clock_offset))
            terminal_.log(log_level::warning, *warning);
        if (complete_) {
            if (output_ != nullptr)
                output_->finish();
            return {exit_good, listed_};
        }
        if (output_ != nullptr)
            output_->leave();
        auto const signal = interruption_.signal();
        auto const code = signal ? 128 + *signal : report_failure(*failed_, scope_.scope(), terminal_);
        auto text = "the list is not complete: " + with_separators(listed_) + " assignments so far";
        if (output_ != nullptr && !output_->partial_path().empty())
            text += ", in " + output_->partial_path();
        terminal_.log(log_level::error, text);
        return {code, listed_};
    }

    asio::io_context context_{1};
    row_output* output_;
    console& terminal_;
    std::shared_ptr<client_metrics> metrics_;
    list_scope scope_;
    bool with_members_;
    client client_;
    assignment_pages pages_;
    interruption interruption_;
    progress_display display_;
    asio::steady_timer tick_timer_;
    asio::steady_timer pause_timer_;
    std::string row_;
    std::uint64_t listed_ = 0;
    bool complete_ = false;
    std::optional<failure> failed_;
    std::exception_ptr error_;
};

}

void append_list_row(std::string& out, list_scope const& scope, assignment const& value, bool with_members) {
    out += R"({"assignmentId":)";
    append_json_string(out, value.id.value_or(std::string()));
    if (scope.scope() != assignment_scope::admin) {
        out += scope.scope() == assignment_scope::user ? R"(,"userId":)" : R"(,"groupId":)";
        append_json_string(out, scope.principal_id());
    }
    if (with_members) {
        out += R"(,"assignment":)";
        append_json(out, value);
    }
    out += "}\n";
}

list_end run_list(list_job job, row_output* output, console& terminal) {
    return session(std::move(job), output, terminal).run();
}

}
