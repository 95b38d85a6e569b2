#include "cli/client_metrics.hpp"

#include "cli/observer_pair.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <string>
#include <utility>

namespace allot {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

Histogram::BucketBoundaries const latency_bounds{0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30};

double seconds(std::chrono::nanoseconds value) {
    return std::chrono::duration<double>(value).count();
}

std::string label_of(error_code const& error) {
    return error ? error_name(static_cast<errc>(error.value())) : "none";
}

std::string label_of(int status) {
    return status == 0 ? "none" : std::to_string(status);
}

}

struct client_metrics::families {
    std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();

    Family<Counter>& counter(char const* name, char const* help) {
        return prometheus::BuildCounter().Name(name).Help(help).Register(*registry);
    }
    Gauge& gauge(char const* name, char const* help) {
        return prometheus::BuildGauge().Name(name).Help(help).Register(*registry).Add({});
    }
    Histogram& histogram(char const* name, char const* help) {
        return prometheus::BuildHistogram().Name(name).Help(help).Register(*registry).Add({}, latency_bounds);
    }

    Family<Counter>& requests = counter(
        "allot_requests_total",
        "Requests to Graph that have ended, by HTTP status (none: no complete answer) and error.");
    Family<Counter>& retries = counter(
        "allot_request_retries_total", "Requests made again for a result, by cause and by the error before.");
    Counter& throttled = counter(
                             "allot_throttled_total",
                             "Answers by which Graph throttled: 429 and 509, and 503 with Retry-After.")
                             .Add({});
    Counter& holds =
        counter(
            "allot_gate_holds_total", "Answers that closed the throttle gate, or kept it closed for longer.")
            .Add({});
    Counter& bytes = counter("allot_response_content_bytes_total", "Content of answers, decoded.").Add({});
    Family<Counter>& opened = counter(
        "allot_connections_opened_total", "Connections opened, by whether they resumed a TLS session.");
    Family<Counter>& failed =
        counter("allot_connections_failed_total", "Connections that could not be opened, by error.");
    Family<Counter>& closed = counter("allot_connections_closed_total", "Connections closed, by cause.");
    Counter& tokens = counter("allot_tokens_taken_total", "Access tokens put to use.").Add({});
    Family<Counter>& rows = counter("allot_rows_total", "Rows of this run, by outcome.");
    Gauge& in_flight = gauge("allot_requests_in_flight", "Requests sent and not answered yet.");
    Gauge& open = gauge("allot_connections_open", "Connections that are open.");
    Gauge& held = gauge("allot_gate_held", "1 while Graph's throttle keeps all requests back, else 0.");
    Counter& held_for =
        counter("allot_gate_held_seconds_total", "Time in which the throttle gate was closed so far.")
            .Add({});
    Gauge& unit_rate = gauge(
        "allot_unit_rate",
        "Resource units a second that requests are paced at, as learned; +Inf while nothing was learned.");
    Gauge& request_limit = gauge("allot_request_limit", "Most requests under way at once, as learned.");
    Histogram& latency = histogram(
        "allot_request_duration_seconds",
        "From the first byte sent to the end of the answer, or to its loss.");
    Histogram& connect = histogram(
        "allot_connection_open_duration_seconds", "Look-up, connect, proxy and TLS handshake together.");
};

client_metrics::client_metrics() : families_(std::make_unique<families>()) {
    prometheus::BuildGauge()
        .Name("allot_build_info")
        .Help("1, with the version of allot.")
        .Register(*families_->registry)
        .Add({{"version", ALLOT_VERSION}})
        .Set(1);
    families_->unit_rate.Set(std::numeric_limits<double>::infinity());
}

client_metrics::~client_metrics() = default;

std::shared_ptr<prometheus::Collectable> client_metrics::collectable() const {
    return families_->registry;
}

void client_metrics::update(client_stats const& stats) {
    families_->throttled.Increment(static_cast<double>(stats.throttled - last_.throttled));
    families_->held.Set(stats.held_until ? 1 : 0);
    families_->held_for.Increment(seconds(stats.held - last_.held));
    families_->unit_rate.Set(stats.unit_rate.value_or(std::numeric_limits<double>::infinity()));
    families_->request_limit.Set(static_cast<double>(stats.request_limit));
    last_ = stats;
}

void client_metrics::count(audit_row const& row) {
    families_->rows.Add({{"outcome", to_string(row.outcome)}}).Increment();
}

void client_metrics::on_request_started(request_started const&) noexcept {
    families_->in_flight.Increment();
}

void client_metrics::on_request_finished(request_finished const& event) noexcept {
    families_->in_flight.Decrement();
    families_->requests.Add({{"status", label_of(event.status)}, {"error", label_of(event.error)}})
        .Increment();
    families_->bytes.Increment(static_cast<double>(event.bytes));
    families_->latency.Observe(seconds(event.latency));
}

void client_metrics::on_request_retried(request_retried const& event) noexcept {
    families_->retries.Add({{"cause", to_string(event.cause)}, {"error", label_of(event.error)}}).Increment();
}

void client_metrics::on_gate_held(gate_held const& event) noexcept {
    if (event.status != 0)
        families_->holds.Increment();
}

void client_metrics::on_connection_opened(connection_opened const& event) noexcept {
    families_->open.Increment();
    families_->opened.Add({{"resumed", event.resumed ? "true" : "false"}}).Increment();
    families_->connect.Observe(seconds(event.duration));
}

void client_metrics::on_connection_failed(connection_failed const& event) noexcept {
    families_->failed.Add({{"error", label_of(event.error)}}).Increment();
}

void client_metrics::on_connection_closed(connection_closed const& event) noexcept {
    families_->open.Decrement();
    families_->closed.Add({{"cause", to_string(event.cause)}}).Increment();
}

void client_metrics::on_token_taken(token_taken const&) noexcept {
    families_->tokens.Increment();
}

std::shared_ptr<client_metrics> watch_with_metrics(client_params& params) {
    auto made = std::make_shared<client_metrics>();
    params.observer = both(std::move(params.observer), made);
    return made;
}

}
