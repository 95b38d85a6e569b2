#include "simulator/script_throttle.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace allot::simulation {
namespace {

constexpr double most_units = 1e9;
constexpr double most_burst_s = 86'400;

/// Units per second of one application in a tenant: Graph's page "throttling-limits", "identity and access",
/// whose buckets hold ten seconds of them.
double documented_rate(script_node const& from) {
    auto const size = from.text();
    if (size == "S")
        return 350;
    if (size == "M")
        return 500;
    if (size != "L")
        from.fail("\"S\", \"M\" or \"L\"");
    return 800;
}
constexpr double documented_burst_s = 10;

/// What a full bucket holds, if it is said: units, or seconds of the rate.
std::optional<double> read_burst(script_node const& from, double per_second) {
    std::optional<double> out;
    from.member("burst", [&](script_node const& node) { out = node.number(1, most_units); });
    from.member("burst_s", [&](script_node const& node) {
        if (out)
            node.reject("give either burst or burst_s");
        out = std::max(1.0, per_second * node.number(0, most_burst_s));
    });
    return out;
}

double read_rate(script_node const& from) {
    if (!from.value().as_object().contains("per_second"))
        from.reject("expected the member \"per_second\"");
    double out = 0;
    from.member("per_second", [&](script_node const& node) { out = node.number(0.001, most_units); });
    return out;
}

std::vector<budget_change> read_changes(script_node const& from, throttle_params const& first) {
    constexpr std::string_view known[] = {"after_s", "per_second", "burst", "burst_s"};
    std::vector<budget_change> out;
    for (auto const& each : from.elements()) {
        each.expect_members(known);
        if (!each.value().as_object().contains("after_s"))
            each.reject("expected the member \"after_s\"");
        budget_change added;
        each.member("after_s", [&](script_node const& node) { added.after = node.seconds(); });
        added.per_second = read_rate(each);
        auto const in_proportion = std::max(1.0, first.burst * added.per_second / first.per_second);
        added.burst = read_burst(each, added.per_second).value_or(in_proportion);
        if (!out.empty() && added.after < out.back().after)
            each.reject("changes stand in the order of their times");
        out.push_back(added);
    }
    return out;
}

unit_costs read_costs(script_node const& from) {
    constexpr std::string_view known[] = {"get", "list", "batch", "select", "expand", "top", "refused"};
    from.expect_members(known);
    unit_costs out;
    auto const read = [&from](std::string_view name, std::int64_t least, int& into) {
        constexpr std::int64_t most = 1000;
        from.member(name, [&](script_node const& node) {
            auto const& value = node.value();
            if (!value.is_int64() || value.as_int64() < least || value.as_int64() > most)
                node.fail("a whole number from " + std::to_string(least) + " to " + std::to_string(most));
            into = static_cast<int>(value.as_int64());
        });
    };
    read("get", 0, out.get);
    read("list", 0, out.list);
    read("batch", 0, out.batch);
    read("select", -1000, out.select);
    read("expand", -1000, out.expand);
    read("top", -1000, out.top);
    read("refused", 0, out.refused);
    return out;
}

std::vector<retry_after_form> read_forms(script_node const& from) {
    if (!from.value().is_array())
        return {read_retry_after_form(from)};
    std::vector<retry_after_form> out;
    for (auto const& each : from.elements())
        out.push_back(read_retry_after_form(each));
    if (out.empty())
        from.fail("at least one form");
    return out;
}

}

retry_after_form read_retry_after_form(script_node const& from) {
    auto const found = parse_retry_after_form(from.text());
    if (!found)
        from.fail(retry_after_form_names());
    return *found;
}

void read_throttle(script_node const& from, script& out) {
    constexpr std::string_view known[] = {"per_second",  "tenant",           "burst",     "burst_s",
                                          "retry_after", "retry_after_form", "grace_ms",  "cost",
                                          "changes",     "limit_percentage", "rate_limit"};
    from.expect_members(known);
    throttle_params made;
    auto burst_s = 1.0;
    from.member("tenant", [&](script_node const& node) {
        if (from.value().as_object().contains("per_second"))
            node.reject("give either tenant or per_second");
        made.per_second = documented_rate(node);
        burst_s = documented_burst_s;
    });
    if (made.per_second == 0)
        made.per_second = read_rate(from);
    made.burst = read_burst(from, made.per_second).value_or(std::max(1.0, made.per_second * burst_s));
    from.member("retry_after", [&](script_node const& node) {
        made.retry_after = std::chrono::round<std::chrono::milliseconds>(node.seconds(0.001));
    });
    from.member("grace_ms", [&](script_node const& node) {
        made.grace = std::chrono::round<std::chrono::milliseconds>(node.milliseconds());
    });
    from.member("changes", [&](script_node const& node) { made.changes = read_changes(node, made); });
    from.member("cost", [&](script_node const& node) { out.costs = read_costs(node); });
    from.member("retry_after_form", [&](script_node const& node) { out.hints.forms = read_forms(node); });
    from.member(
        "limit_percentage", [&](script_node const& node) { out.hints.limit_percentage = node.boolean(); });
    from.member("rate_limit", [&](script_node const& node) { out.hints.rate_limit = node.boolean(); });
    out.throttle = std::move(made);
}

latency_params read_latency(script_node const& from) {
    auto const time = [](script_node const& node) {
        return std::chrono::duration_cast<std::chrono::microseconds>(node.milliseconds());
    };
    latency_params out;
    if (from.value().is_number()) {
        out.base = time(from);
        return out;
    }
    constexpr std::string_view known[] = {"base", "jitter", "loaded", "from"};
    from.expect_members(known);
    from.member("base", [&](script_node const& node) { out.base = time(node); });
    from.member("jitter", [&](script_node const& node) { out.jitter = time(node); });
    from.member("loaded", [&](script_node const& node) { out.loaded = time(node); });
    from.member("from", [&](script_node const& node) { out.from = node.number(0, 0.99); });
    return out;
}

}
