#include "cli/plan_report.hpp"

#include "audit/columns.hpp"
#include "audit/text.hpp"
#include "cli/duration.hpp"
#include "json/encode.hpp"
#include "json/scalars.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace allot {
namespace {

using milliseconds = std::chrono::milliseconds;
using time_of = std::function<milliseconds(plan_costs const&)>;

constexpr std::size_t name_width = 34;
constexpr std::size_t number_width = 15;

struct pace {
    std::string title; ///< for people
    std::string name;  ///< for programs
    time_of time;
};

std::string tenths(double value) {
    auto const scaled = std::llround(value * 10);
    return with_separators(static_cast<unsigned long long>(scaled / 10)) + '.' + std::to_string(scaled % 10);
}

std::vector<pace> paces(plan_report const& report) {
    std::vector<pace> out;
    for (auto const& quota : plan_quotas)
        out.push_back(
            {std::string(quota.name) + " tenant: " + with_separators(quota.units) + " units per 10 s",
             quota.name, [&quota](plan_costs const& costs) { return time_at_quota(costs.units, quota); }});
    auto const add = [&out](std::string title, std::string name, double rate) {
        out.push_back({std::move(title), std::move(name), [rate](plan_costs const& costs) {
                           return time_at_rate(costs.requests, rate);
                       }});
    };
    if (report.rate) {
        std::string title = "--rate: ";
        append_double(title, *report.rate);
        add(title + " requests/s", "rate", *report.rate);
    }
    if (report.learned) {
        auto const& rate = *report.learned;
        add("learned: " + tenths(rate.outside_holds) + " requests/s", "learned", rate.outside_holds);
        add("learned, with holds: " + tenths(rate.with_holds) + "/s", "learnedWithHolds", rate.with_holds);
    }
    return out;
}

void add_line(std::string& out, std::string const& name, std::vector<std::string> const& cells) {
    out += pad_right(name, name_width);
    for (auto const& cell : cells)
        out += pad_left(cell, number_width);
    out += '\n';
}

void add_row(
    std::string& out, std::string const& name, std::vector<plan_costs> const& plans,
    std::function<std::string(plan_costs const&)> const& cell) {
    std::vector<std::string> cells;
    for (auto const& each : plans)
        cells.push_back(cell(each));
    add_line(out, name, cells);
}

void add_input(std::string& out, plan_report const& report) {
    if (!report.input) {
        add_line(out, "assignments (given)", {with_separators(report.job.references)});
        return;
    }
    out += "input " + terminal_safe(*report.input) + '\n';
    add_line(out, "entries", {with_separators(report.entries)});
    if (report.invalid != 0)
        add_line(out, "invalid (never sent)", {with_separators(report.invalid)});
    if (report.entries != report.distinct)
        add_line(out, "repeats (asked once)", {with_separators(report.entries - report.distinct)});
    add_line(out, "assignments to ask for", {with_separators(report.job.references)});
}

void add_number(std::string& out, std::string_view name, std::uint64_t value) {
    out += ",\"";
    out += name;
    out += "\":";
    append_integer(out, value);
}

/// With three decimals.
void append_seconds(std::string& out, milliseconds value) {
    append_milliseconds(out, std::chrono::microseconds(value.count()));
}

void add_learned(std::string& out, std::optional<learned_rate> const& learned) {
    out += R"(,"learned":)";
    if (!learned) {
        out += "null";
        return;
    }
    out += R"({"requestsPerSecond":)";
    append_double(out, learned->outside_holds);
    out += R"(,"requestsPerSecondWithHolds":)";
    append_double(out, learned->with_holds);
    add_number(out, "requests", learned->requests);
    add_number(out, "elapsedMs", static_cast<std::uint64_t>(learned->elapsed.count()));
    add_number(out, "heldMs", static_cast<std::uint64_t>(learned->held.count()));
    out += '}';
}

strategy_facts facts_of(plan_report const& report) {
    strategy_facts facts;
    facts.count = report.job.references;
    facts.connections = report.connections;
    facts.rate = report.rate;
    if (report.learned)
        facts.rate =
            std::min(report.learned->outside_holds, facts.rate.value_or(report.learned->outside_holds));
    return facts;
}

/// What `allot audit` takes by itself.
std::string chosen_text(plan_report const& report) {
    auto const facts = facts_of(report);
    if (auto const choice = choose(report.job, facts))
        return std::string("auto: ") + to_string(choice->strategy) + ", " + choice->reason + '\n';
    auto const limit = static_cast<double>(facts.connections) / facts.rate.value_or(assumed_rate);
    return "auto: get where the first answers come within " + std::to_string(std::llround(limit * 1'000)) +
           " ms, else batch\n";
}

}

std::string plan_text(plan_report const& report) {
    auto const plans = plan(report.job);
    std::string out;
    add_input(out, report);
    out += '\n';
    add_row(out, "strategy", plans, [](auto const& each) { return std::string(to_string(each.strategy)); });
    add_row(out, "calls", plans, [](auto const& each) { return with_separators(each.calls); });
    add_row(out, "requests as Graph counts them", plans, [](auto const& each) {
        return with_separators(each.requests);
    });
    add_row(out, "resource units", plans, [](auto const& each) { return with_separators(each.units); });
    out += "\ntime at\n";
    for (auto const& each : paces(report))
        add_row(out, "  " + each.title, plans, [&each](auto const& costs) {
            return short_duration(each.time(costs));
        });
    out += std::string("\ncheapest: ") + to_string(cheapest(plans).strategy) + "\n" + chosen_text(report) +
           "These are models: Microsoft publishes no limit for this API. Units and quotas are those of the\n"
           "nearest documented family, identity and access; throttling can come earlier, and retries add.\n";
    return out;
}

std::string plan_json(plan_report const& report) {
    std::string out = R"({"input":)";
    if (report.input) {
        append_json_string(out, *report.input);
        add_number(out, "entries", report.entries);
        add_number(out, "distinct", report.distinct);
        add_number(out, "invalid", report.invalid);
    } else {
        out += R"(null,"entries":null,"distinct":null,"invalid":null)";
    }
    add_number(out, "assignments", report.job.references);
    out += R"(,"rate":)";
    if (report.rate)
        append_double(out, *report.rate);
    else
        out += "null";
    add_learned(out, report.learned);
    auto const plans = plan(report.job);
    out += R"(,"strategies":[)";
    for (auto const& each : plans) {
        out += each.strategy == plans.front().strategy ? R"({"strategy":")" : R"(,{"strategy":")";
        out += to_string(each.strategy);
        out += '"';
        add_number(out, "calls", each.calls);
        add_number(out, "requests", each.requests);
        add_number(out, "resourceUnits", each.units);
        out += R"(,"seconds":{)";
        for (bool first = true; auto const& at : paces(report)) {
            out += first ? "\"" : ",\"";
            first = false;
            out += at.name + "\":";
            append_seconds(out, at.time(each));
        }
        out += "}}";
    }
    out += R"(],"cheapest":")";
    out += to_string(cheapest(plans).strategy);
    out += R"(","auto":)";
    auto const choice = choose(report.job, facts_of(report));
    out += choice ? '"' + std::string(to_string(choice->strategy)) + '"' : "null";
    return out + '}';
}

}
