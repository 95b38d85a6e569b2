#pragma once

#include <allot/observer.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace allot::test {

/// Keeps what an observer is told, as text: one line for each event, and all that it says in words.
class recording_observer final : public observer {
public:
    std::vector<std::string> lines;    ///< without what differs from run to run
    std::vector<std::string> texts;    ///< every text of every event
    std::vector<std::string> sent_ids; ///< client-request-ids, in order
    std::vector<std::string> answer_ids;
    std::size_t bytes = 0;
    std::function<void()> at_start; ///< called in `on_request_started`

    void on_request_started(request_started const& event) noexcept override {
        add("started", event.request, "");
        sent_ids.emplace_back(event.request.client_request_id);
        if (auto const call = std::exchange(at_start, nullptr))
            call();
    }
    void on_request_finished(request_finished const& event) noexcept override {
        add("finished", event.request, answer(event.status, event.error));
        say({event.request_id});
        answer_ids.emplace_back(event.request_id);
        bytes += event.bytes;
        in_order_ = in_order_ && event.latency.count() > 0;
    }
    void on_request_retried(request_retried const& event) noexcept override {
        add("retried", event.request,
            answer(event.status, event.error) + " for " + to_string(event.cause) +
                (event.request.client_request_id.empty() ? " unsent" : ""));
        in_order_ = in_order_ && event.wait.count() >= 0;
    }
    void on_gate_held(gate_held const& event) noexcept override {
        lines.push_back(
            "held " + std::to_string(event.status) + (event.retry_after ? " hint" : "") + " by <" +
            std::string(event.limit) + "> <" + std::string(event.information) + ">");
        say({event.limit, event.information, event.request_id, event.client_request_id});
        in_order_ = in_order_ && event.wait.count() > 0;
    }
    void on_gate_released(gate_released const& event) noexcept override {
        lines.push_back("released");
        in_order_ = in_order_ && event.held.count() > 0;
    }
    void on_connection_opened(connection_opened const& event) noexcept override {
        lines.push_back(
            "opened " + std::to_string(event.connection) + " " + std::string(event.address) + " " +
            std::string(event.tls) + (event.resumed ? " resumed" : "") + (event.proxied ? " proxied" : ""));
        say({event.address, event.tls});
        in_order_ = in_order_ && event.duration.count() > 0 && event.port != 0;
    }
    void on_connection_failed(connection_failed const& event) noexcept override {
        lines.push_back("failed " + event.error.message());
        say({event.message});
    }
    void on_connection_closed(connection_closed const& event) noexcept override {
        lines.push_back(
            "closed " + std::to_string(event.connection) + " " + to_string(event.cause) +
            (event.error ? " " + event.error.message() : "") + " after " + std::to_string(event.requests));
        say({event.address});
    }
    void on_token_taken(token_taken const& event) noexcept override {
        lines.push_back("token");
        say({event.source});
    }

    /// Whether all times made sense.
    bool times_are_good() const { return in_order_; }

    std::size_t count(std::string_view beginning) const {
        return static_cast<std::size_t>(std::count_if(
            lines.begin(), lines.end(), [&](auto const& line) { return line.starts_with(beginning); }));
    }

private:
    static std::string answer(int status, error_code const& error) {
        return " " + std::to_string(status) + (error ? " " + error.message() : "");
    }
    void add(char const* what, observed_request const& request, std::string const& rest) {
        lines.push_back(
            what + (" " + std::to_string(request.operation)) + "." + std::to_string(request.attempt) +
            (request.assignment != nullptr ? "" : " page") + rest);
        say({request.path, request.client_request_id});
        if (request.assignment != nullptr)
            say({request.assignment->assignment_id()});
    }
    void say(std::initializer_list<std::string_view> all) {
        for (auto const each : all)
            texts.emplace_back(each);
    }

    bool in_order_ = true;
};

}
