#include "simulator/stats_answer.hpp"

#include "simulator/graph_errors.hpp"
#include "simulator/json_writer.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <utility>

namespace allot::simulation {
namespace {

void write_statuses(json_writer& json, std::string_view name, std::map<unsigned, std::uint64_t> const& by) {
    json.key(name).begin_object();
    for (auto const& [status, count] : by)
        json.number_member(std::to_string(status), static_cast<std::int64_t>(count));
    json.end_object();
}

void write_seconds(
    json_writer& json, std::string_view name, std::vector<simulator_second> const& seconds,
    std::uint64_t simulator_second::*count) {
    json.key(name).begin_array();
    for (auto const& each : seconds)
        json.number(static_cast<std::int64_t>(each.*count));
    json.end_array();
}

}

std::string to_json(simulator_stats const& seen, std::chrono::microseconds elapsed) {
    std::string out;
    json_writer json(out);
    auto const number = [&json](std::string_view name, std::uint64_t value) {
        json.number_member(name, static_cast<std::int64_t>(value));
    };
    json.begin_object();
    json.number_member("elapsed_ms", std::chrono::floor<std::chrono::milliseconds>(elapsed).count());
    number("requests", seen.requests);
    number("batch_items", seen.batch_items);
    number("throttled", seen.throttled);
    number("early", seen.early);
    number("units", seen.units);
    write_statuses(json, "by_status", seen.by_status);
    write_statuses(json, "items_by_status", seen.items_by_status);
    number("token_requests", seen.token_requests);
    number("discovery_requests", seen.discovery_requests);
    number("malformed", seen.malformed);
    number("connections", seen.connections);
    number("sessions_resumed", seen.sessions_resumed);
    number("journal_lines_lost", seen.journal_lines_lost);
    json.key("per_second").begin_object();
    write_seconds(json, "requests", seen.seconds, &simulator_second::requests);
    write_seconds(json, "batch_items", seen.seconds, &simulator_second::batch_items);
    write_seconds(json, "throttled", seen.seconds, &simulator_second::throttled);
    write_seconds(json, "early", seen.seconds, &simulator_second::early);
    write_seconds(json, "units", seen.seconds, &simulator_second::units);
    json.end_object().end_object();
    return out;
}

reply stats_answer(
    request const& what, exchange const& of, simulator_stats const& seen, std::chrono::microseconds elapsed) {
    if (what.method != "GET" && what.method != "HEAD") {
        auto out = graph_error(of, 405);
        out.fields.push_back({"Allow", "GET, HEAD"});
        return out;
    }
    return {
        200,
        {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
        std::make_shared<std::string const>(to_json(seen, elapsed) + '\n'),
        false};
}

}
