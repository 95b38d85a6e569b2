#include "cli/client_metrics.hpp"
#include "support/recording_observer.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <prometheus/text_serializer.h>
#include <string>

using namespace allot;
using namespace std::chrono_literals;

namespace {

struct counting {
    client_params params;
    std::shared_ptr<test::recording_observer> other = std::make_shared<test::recording_observer>();
    std::shared_ptr<client_metrics> metrics;
    observed_request const request{1, nullptr, "/beta/x", 1, "client-id"};

    counting() {
        params.observer = other;
        metrics = watch_with_metrics(params);
    }
    std::string text() const {
        return '\n' + prometheus::TextSerializer().Serialize(metrics->collectable()->Collect());
    }
    void expect(std::string const& line) const {
        auto const all = text();
        BOOST_TEST(all.find('\n' + line + '\n') != std::string::npos, line << " is not in" << all);
    }
};

}

BOOST_FIXTURE_TEST_SUITE(client_metrics_, counting)

BOOST_AUTO_TEST_CASE(what_the_client_does_is_counted_beside_its_other_observer) {
    auto& seen = *params.observer;
    seen.on_token_taken({"a source", std::nullopt});
    seen.on_connection_opened({1, "::1", 443, false, true, "TLSv1.3", 3ms});
    seen.on_request_started({request});
    seen.on_request_finished({request, 200, {}, 15ms, "id", 100});
    seen.on_request_started({request});
    seen.on_request_finished({request, 429, errc::throttled, 700ms, "id", 20});
    seen.on_gate_held({{}, 1s, 429, std::nullopt, {}, {}, {}, {}});
    seen.on_gate_held({{}, 1s, 0, std::nullopt, {}, {}, {}, {}});
    seen.on_request_retried({request, retry_cause::failure, 429, errc::throttled, {}, 1s});
    seen.on_gate_released({1s});
    seen.on_request_started({request});
    seen.on_request_finished({request, 0, errc::timed_out, 40s, "", 0});
    seen.on_request_started({request});
    seen.on_connection_closed({1, "::1", 443, close_cause::failed, errc::timed_out, 3});
    seen.on_connection_failed({errc::connect_failed, {}, "no", 1ms});
    expect(R"(allot_requests_total{error="none",status="200"} 1)");
    expect(R"(allot_requests_total{error="throttled",status="429"} 1)");
    expect(R"(allot_requests_total{error="timed_out",status="none"} 1)");
    expect(R"(allot_request_retries_total{cause="failure",error="throttled"} 1)");
    expect("allot_gate_holds_total 1");
    expect("allot_response_content_bytes_total 120");
    expect("allot_requests_in_flight 1");
    expect("allot_connections_open 0");
    expect(R"(allot_connections_opened_total{resumed="true"} 1)");
    expect(R"(allot_connections_closed_total{cause="failed"} 1)");
    expect(R"(allot_connections_failed_total{error="connect_failed"} 1)");
    expect("allot_tokens_taken_total 1");
    expect("allot_request_duration_seconds_count 3");
    expect(R"(allot_request_duration_seconds_bucket{le="0.02"} 1)");
    expect(R"(allot_request_duration_seconds_bucket{le="1"} 2)");
    expect(R"(allot_request_duration_seconds_bucket{le="+Inf"} 3)");
    expect("allot_connection_open_duration_seconds_count 1");
    BOOST_TEST(other->lines.size() == 15u);
}

BOOST_AUTO_TEST_CASE(gauges_follow_the_client) {
    expect("allot_unit_rate +Inf");
    client_stats stats;
    stats.throttled = 2;
    stats.held = 1500ms;
    stats.held_until = std::chrono::steady_clock::now();
    stats.unit_rate = 350.5;
    stats.request_limit = 12;
    metrics->update(stats);
    expect("allot_throttled_total 2");
    expect("allot_gate_held 1");
    expect("allot_gate_held_seconds_total 1.5");
    expect("allot_unit_rate 350.5");
    expect("allot_request_limit 12");
    stats.held_until.reset();
    stats.held = 4s;
    stats.throttled = 5;
    metrics->update(stats);
    expect("allot_gate_held_seconds_total 4");
    expect("allot_throttled_total 5");
    expect("allot_gate_held 0");
}

BOOST_AUTO_TEST_CASE(rows_are_counted_by_outcome) {
    audit_row row;
    row.outcome = audit_outcome::ok;
    metrics->count(row);
    metrics->count(row);
    row.outcome = audit_outcome::not_found;
    metrics->count(row);
    expect(R"(allot_rows_total{outcome="ok"} 2)");
    expect(R"(allot_rows_total{outcome="not_found"} 1)");
}

BOOST_AUTO_TEST_SUITE_END()
