#include "cli/event_log.hpp"

#include "audit/row.hpp"
#include "audit/text.hpp"
#include "cli/duration.hpp"
#include "cli/log_members.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace allot {
namespace {

using std::chrono::milliseconds;

std::string in_milliseconds(std::chrono::nanoseconds value) {
    std::string out;
    append_milliseconds(out, value);
    return out;
}

std::string name_of(error_code const& error) {
    return error ? error_name(static_cast<errc>(error.value())) : "";
}

/// " (status 429, request-id X)", of what is known.
class details {
public:
    details& add(char const* name, std::string_view value) {
        if (!value.empty())
            text_.append(text_.empty() ? " (" : ", ").append(name).append(" ").append(value);
        return *this;
    }
    std::string text() const { return text_.empty() ? text_ : text_ + ")"; }

private:
    std::string text_;
};

std::string number(std::uint64_t value) {
    return value == 0 ? std::string() : std::to_string(value);
}

std::string name_of(observed_request const& request) {
    return "request " + std::to_string(request.operation) + "." + std::to_string(request.attempt);
}

log_members members_of(observed_request const& request) {
    log_members out;
    out.add("operation", request.operation).add("attempt", request.attempt);
    if (request.assignment != nullptr)
        out.add("scope", to_string(request.assignment->scope()))
            .add("principalId", request.assignment->principal_id())
            .add("assignmentId", request.assignment->assignment_id());
    out.add("path", request.path).add("client_request_id", request.client_request_id);
    return out;
}

template <class Event>
log_members members_of_connection(Event const& event) {
    log_members out;
    out.add("connection", event.connection).add("address", event.address).add("port", event.port);
    return out;
}

class event_log final : public observer {
public:
    explicit event_log(console& terminal) : terminal_(terminal) {}

    void on_request_started(request_started const& event) noexcept override {
        if (!debugs())
            return;
        auto const& request = event.request;
        terminal_.event(
            log_level::debug, "request_started",
            name_of(request) + ": GET " + std::string(request.path) +
                details().add("client-request-id", request.client_request_id).text(),
            members_of(request));
    }

    void on_request_finished(request_finished const& event) noexcept override {
        if (!debugs())
            return;
        auto const& request = event.request;
        auto const error = name_of(event.error);
        auto const what = event.status != 0 ? std::to_string(event.status) : error;
        auto members = members_of(request);
        add_answer(members, event.status, event.error);
        members.add_json("latency_ms", in_milliseconds(event.latency))
            .add("bytes", event.bytes)
            .add("request_id", event.request_id);
        terminal_.event(
            log_level::debug, "request_finished",
            name_of(request) + ": " + what + " in " + in_milliseconds(event.latency) + " ms, " +
                std::to_string(event.bytes) + " bytes" +
                details()
                    .add("error", event.status != 0 ? error : "")
                    .add("request-id", event.request_id)
                    .add("client-request-id", request.client_request_id)
                    .text(),
            members);
    }

    void on_request_retried(request_retried const& event) noexcept override {
        if (!debugs())
            return;
        auto members = members_of(event.request);
        add_answer(members, event.status, event.error);
        members.add("cause", to_string(event.cause)).add_json("wait_ms", in_milliseconds(event.wait));
        terminal_.event(
            log_level::debug, "request_retried",
            name_of(event.request) + ": again in " + in_milliseconds(event.wait) + " ms" +
                details()
                    .add("cause", to_string(event.cause))
                    .add("status", number(static_cast<std::uint64_t>(event.status)))
                    .add("error", name_of(event.error))
                    .add("client-request-id", event.request.client_request_id)
                    .text(),
            members);
    }

    void on_gate_held(gate_held const& event) noexcept override {
        // The end of a hold may move with each answer that was under way.
        auto const level = held_.exchange(true) ? log_level::debug : log_level::info;
        if (!terminal_.logs(level))
            return;
        log_members members;
        members.add_json("wait_ms", in_milliseconds(event.wait));
        if (event.status != 0)
            members.add("status", event.status);
        if (event.retry_after)
            members.add("retry_after_ms", event.retry_after->count());
        members.add("limit", event.limit)
            .add("information", event.information)
            .add("request_id", event.request_id)
            .add("client_request_id", event.client_request_id);
        terminal_.event(
            level, "gate_held",
            "Graph throttles: no requests for " +
                short_duration(std::chrono::ceil<milliseconds>(event.wait)) +
                details()
                    .add("status", number(static_cast<std::uint64_t>(event.status)))
                    .add("limit", event.limit)
                    .add("reason", event.information)
                    .add("request-id", event.request_id)
                    .add("client-request-id", event.client_request_id)
                    .text(),
            members);
    }

    void on_gate_released(gate_released const& event) noexcept override {
        // Other clients of the gate have told it, or will.
        if (!held_.exchange(false))
            return;
        log_members members;
        members.add_json("held_ms", in_milliseconds(event.held));
        terminal_.event(
            log_level::info, "gate_released", "Graph's throttle is over: requests go on", members);
    }

    void on_connection_opened(connection_opened const& event) noexcept override {
        if (!debugs())
            return;
        auto members = members_of_connection(event);
        members.add("proxied", event.proxied)
            .add("resumed", event.resumed)
            .add("tls", event.tls)
            .add_json("duration_ms", in_milliseconds(event.duration));
        terminal_.event(
            log_level::debug, "connection_opened",
            "connection " + std::to_string(event.connection) + ": open to " +
                (event.proxied ? "proxy " : "") + std::string(event.address) + " port " +
                std::to_string(event.port) + " with " + std::string(event.tls) +
                (event.resumed ? ", resumed" : "") + ", in " + in_milliseconds(event.duration) + " ms",
            members);
    }

    void on_connection_failed(connection_failed const& event) noexcept override {
        if (!debugs())
            return;
        log_members members;
        members.add("error", name_of(event.error))
            .add("reason", event.message)
            .add_json("duration_ms", in_milliseconds(event.duration));
        terminal_.event(
            log_level::debug, "connection_failed",
            "no connection: " + std::string(event.message) +
                details().add("error", name_of(event.error)).text(),
            members);
    }

    void on_connection_closed(connection_closed const& event) noexcept override {
        if (!debugs())
            return;
        auto members = members_of_connection(event);
        members.add("cause", to_string(event.cause))
            .add("error", name_of(event.error))
            .add("requests", event.requests);
        terminal_.event(
            log_level::debug, "connection_closed",
            "connection " + std::to_string(event.connection) + ": closed after " +
                std::to_string(event.requests) + " requests" +
                details().add("cause", to_string(event.cause)).add("error", name_of(event.error)).text(),
            members);
    }

    void on_token_taken(token_taken const& event) noexcept override {
        if (!debugs())
            return;
        log_members members;
        members.add("source", event.source);
        std::string life;
        if (event.lifetime) {
            auto const left = std::chrono::floor<milliseconds>(*event.lifetime);
            members.add("lifetime_ms", left.count());
            life = " for " + short_duration(std::max(left, milliseconds(0)));
        }
        terminal_.event(
            log_level::debug, "token_taken", "token of " + std::string(event.source) + life, members);
    }

private:
    bool debugs() const noexcept { return terminal_.logs(log_level::debug); }

    static void add_answer(log_members& to, int status, error_code const& error) {
        if (status != 0)
            to.add("status", status);
        to.add("error", name_of(error));
    }

    console& terminal_;
    std::atomic<bool> held_ = false;
};

}

std::shared_ptr<observer> make_event_log(console& terminal) {
    return terminal.logs(log_level::info) ? std::make_shared<event_log>(terminal) : nullptr;
}

}
