#include "audit/columns.hpp"
#include "audit/text.hpp"
#include "cli/audit_status.hpp"
#include "cli/duration.hpp"
#include "json/encode.hpp"
#include "json/scalars.hpp"

#include <algorithm>
#include <array>

namespace allot {
namespace {

constexpr std::size_t name_width = 14;
constexpr std::size_t count_width = 12;
constexpr std::size_t most_runs = 20;

constexpr std::array<audit_outcome, 7> outcomes{
    audit_outcome::ok,        audit_outcome::none,          audit_outcome::not_found,
    audit_outcome::forbidden, audit_outcome::invalid_input, audit_outcome::bad_body,
    audit_outcome::failed,
};

std::uint64_t missing(audit_counts const& counts) {
    return counts.inputs - counts.rows();
}

bool is_last(audit_status const& status, stored_run const& run) {
    return run.number == status.runs.back().number;
}

/// "complete", "signal", ... as the store has it; "running" and "killed" for a run without an end.
std::string end_of(audit_status const& status, stored_run const& run) {
    if (run.ended)
        return run.end;
    return status.in_use && is_last(status, run) ? "running" : "killed";
}

/// The same for people, in at most nine columns where the store was not tampered with.
std::string end_word(std::string const& end) {
    if (end == "signal")
        return "stopped";
    if (end == "no_token")
        return "no token";
    return terminal_safe(end);
}

std::string duration_of(audit_status const& status, stored_run const& run) {
    auto const seen = status.last_seen.find(run.number);
    if (run.ended)
        return short_duration(std::max(*run.ended - run.started, {}));
    return seen == status.last_seen.end() ? "-" : short_duration(std::max(seen->second - run.started, {}));
}

char const* state_name(audit_phase phase) {
    switch (phase) {
    case audit_phase::reading:
        return "reading";
    case audit_phase::fetching:
        return "unfinished";
    case audit_phase::complete:
        return "complete";
    }
    return "unknown";
}

std::string state_text(audit_status const& status) {
    auto const& counts = status.counts;
    auto const rows = with_separators(counts.rows()) + " of " + with_separators(counts.inputs) + " rows";
    std::string out;
    switch (status.phase) {
    case audit_phase::reading:
        out = "unfinished: its input is not complete; " + with_separators(counts.inputs) +
              " entries are read so far";
        break;
    case audit_phase::fetching:
        out = "unfinished: " + rows + " are done, " + with_separators(missing(counts)) + " are missing";
        break;
    case audit_phase::complete:
        out = "complete: " + with_separators(counts.rows()) + " rows";
        break;
    }
    return status.in_use ? out + "; an allot is working on it now" : out;
}

void add_line(std::string& out, char const* name, std::string const& value) {
    out += pad_right(name, name_width) + value + '\n';
}

void add_counts(std::string& out, audit_counts const& counts) {
    out += '\n' + pad_right("outcome", name_width) + pad_left("rows", count_width) + '\n';
    auto const add = [&out](char const* name, std::uint64_t value) {
        out += pad_right(name, name_width) + ' ' + pad_left(with_separators(value), count_width - 1) + '\n';
    };
    for (auto const outcome : outcomes)
        if (counts.of(outcome) != 0 || outcome == audit_outcome::ok)
            add(to_string(outcome), counts.of(outcome));
    if (missing(counts) != 0)
        add("missing", missing(counts));
    add("inputs", counts.inputs);
    if (counts.distinct != counts.inputs)
        add("distinct", counts.distinct);
}

void add_run(
    std::string& out, std::string const& number, std::string const& started, std::string const& time,
    std::array<std::string, 3> const& numbers, std::string const& held, std::string const& end) {
    out += pad_left(number, 3) + "  " + pad_right(started, 20) + pad_left(time, 7) +
           pad_left(numbers[0], 11) + pad_left(numbers[1], 9) + pad_left(numbers[2], 10) + pad_left(held, 7) +
           "  " + end + '\n';
}

void add_runs(std::string& out, audit_status const& status) {
    if (status.runs.empty())
        return;
    out += '\n';
    add_run(out, "run", "started", "time", {"requests", "retries", "throttled"}, "held", "ended");
    auto const left_out = status.runs.size() - std::min(status.runs.size(), most_runs);
    if (left_out != 0)
        out += "... " + with_separators(left_out) + " earlier ones (--json has all)\n";
    for (auto at = left_out; at != status.runs.size(); ++at) {
        auto const& run = status.runs[at];
        add_run(
            out, std::to_string(run.number), utc_text(run.started), duration_of(status, run),
            {with_separators(run.requests), with_separators(run.retries), with_separators(run.throttled)},
            short_duration(run.held), end_word(end_of(status, run)));
    }
}

void add_next(std::string& out, audit_status const& status) {
    auto const command = next_command(status);
    if (status.in_use)
        return;
    auto const* what = "\nTo go on";
    if (status.phase == audit_phase::complete)
        what = command.find("--retry-failed") == std::string::npos
                   ? "\nTo have its rows"
                   : "\nTo ask again for the error rows that could be sent";
    out += what;
    if (!command.starts_with("allot export"))
        out += ", with the credentials and the other options of the first run";
    out += command.empty() ? std::string(": the same command again\n") : ":\n  " + command + '\n';
}

void add_member(std::string& out, std::string_view name, std::uint64_t value) {
    out += ",\"";
    out += name;
    out += "\":";
    append_integer(out, value);
}

void add_member(std::string& out, std::string_view name, std::string_view value) {
    out += ",\"";
    out += name;
    out += "\":";
    append_json_string(out, value);
}

void add_member(std::string& out, std::string_view name, std::optional<stored_run::time_point> const& value) {
    if (value)
        return add_member(out, name, std::string_view(utc_text(*value)));
    out += ",\"";
    out += name;
    out += "\":null";
}

void add_text_or_null(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty())
        add_member(out, name, std::optional<stored_run::time_point>());
    else
        add_member(out, name, value);
}

void add_run_json(std::string& out, audit_status const& status, stored_run const& run) {
    out += R"({"number":)";
    append_integer(out, run.number);
    add_member(out, "started", std::optional(run.started));
    add_member(out, "ended", run.ended);
    add_member(out, "end", std::string_view(end_of(status, run)));
    add_member(out, "resumeAt", run.resume_at);
    add_member(out, "requests", run.requests);
    add_member(out, "retries", run.retries);
    add_member(out, "throttled", run.throttled);
    add_member(out, "heldMs", static_cast<std::uint64_t>(run.held.count()));
    out += '}';
}

}

std::string status_text(audit_status const& status, std::chrono::system_clock::time_point now) {
    std::string out;
    add_line(out, "store", terminal_safe(status.store));
    add_line(out, "input", terminal_safe(status.identity.input_name));
    for (auto const& [name, value] : status.identity.options)
        if (!value.empty())
            add_line(out, terminal_safe(name).c_str(), terminal_safe(value));
    add_line(out, "state", state_text(status));
    if (auto const until = parked_until(status))
        add_line(
            out, "parked",
            "until " + utc_text(*until) +
                (*until > now ? ", for another " +
                                    short_duration(std::chrono::ceil<std::chrono::milliseconds>(*until - now))
                              : ", which is over: it can go on now"));
    add_counts(out, status.counts);
    add_runs(out, status);
    add_next(out, status);
    return out;
}

std::string status_json(audit_status const& status) {
    auto const& counts = status.counts;
    std::string out = R"({"store":)";
    append_json_string(out, status.store);
    add_member(out, "state", std::string_view(state_name(status.phase)));
    out += status.in_use ? R"(,"inUse":true)" : R"(,"inUse":false)";
    add_member(out, "input", std::string_view(status.identity.input_name));
    add_text_or_null(out, "inputSha256", status.input_digest);
    out += R"(,"options":{)";
    for (bool first = true; auto const& [name, value] : status.identity.options) {
        out += first ? "" : ",";
        first = false;
        append_json_string(out, name);
        out += ':';
        append_json_string(out, value);
    }
    out += '}';
    add_member(out, "inputs", counts.inputs);
    add_member(out, "distinct", counts.distinct);
    add_member(out, "rows", counts.rows());
    add_member(out, "missing", missing(counts));
    add_member(out, "errorRows", counts.error_rows());
    out += R"(,"outcomes":{)";
    for (auto const outcome : outcomes) {
        out += outcome == outcomes.front() ? "\"" : ",\"";
        out += to_string(outcome);
        out += "\":";
        append_integer(out, counts.of(outcome));
    }
    out += '}';
    add_member(out, "parkedUntil", parked_until(status));
    out += R"(,"runs":[)";
    for (auto const& run : status.runs) {
        out += run.number == status.runs.front().number ? "" : ",";
        add_run_json(out, status, run);
    }
    out += ']';
    add_text_or_null(out, "next", next_command(status));
    return out + '}';
}

}
