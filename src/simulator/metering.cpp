#include "simulator/metering.hpp"

#include "simulator/graph_errors.hpp"

#include <cmath>
#include <cstdio>
#include <utility>

namespace allot::simulation {
namespace {

constexpr std::string_view cost_field = "x-ms-resource-unit";
constexpr double least_usage_told = 0.8;

std::string with_two_digits(double value) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

std::string whole(double value) {
    return std::to_string(static_cast<long long>(std::floor(value)));
}

}

metering::metering(
    std::optional<throttle_params> const& throttled, unit_costs const& costs, throttle_hints hints,
    std::string scope, std::chrono::steady_clock::time_point start) :
    costs_(costs),
    hints_(std::move(hints)),
    scope_(std::move(scope)) {
    if (throttled)
        throttle_.emplace(*throttled, start);
}

metering::charge metering::take_get(std::string_view path, std::string_view query, instant now) {
    return take(units_of(path, query, costs_), now);
}

metering::charge metering::take_batch(instant now) {
    // Without a price the envelope does not meet the throttle: its items do.
    return costs_.batch == 0 ? charge{} : take(costs_.batch, now);
}

metering::charge metering::take(int units, instant now) {
    charge out{units, {}};
    if (throttle_)
        out.verdict = throttle_->arrive(now.steady, units);
    if (out.verdict.refused)
        out.units = 0;
    return out;
}

reply metering::refusal(exchange const& of, charge const& paid) {
    auto out = graph_error(of, 429);
    remove_field(out.fields, cost_field);
    set_retry_after(out.fields, paid.verdict.rest, hints_.forms[refusals_++ % hints_.forms.size()], of.at);
    out.fields.push_back({"x-ms-throttle-scope", scope_});
    out.fields.push_back({"x-ms-throttle-information", "ResourceUnitLimitExceeded"});
    add_load(out, paid.verdict);
    return out;
}

void metering::settle(charge& paid, reply& answer) {
    if ((answer.status == 400 || answer.status == 403) && paid.units > costs_.refused) {
        if (throttle_)
            throttle_->give_back(paid.units - costs_.refused);
        paid.units = costs_.refused;
    }
    if (paid.units != 1) // what every answer begins with
        set_field(answer.fields, cost_field, std::to_string(paid.units));
    add_load(answer, paid.verdict);
}

void metering::add_load(reply& answer, throttle::verdict const& verdict) const {
    if (hints_.limit_percentage && verdict.usage >= least_usage_told)
        answer.fields.push_back({"x-ms-throttle-limit-percentage", with_two_digits(verdict.usage)});
    if (!hints_.rate_limit || !throttle_)
        return;
    auto const level = throttle_->current();
    auto const reset = std::chrono::ceil<std::chrono::seconds>(level.until_full);
    answer.fields.push_back({"RateLimit-Limit", whole(level.limit)});
    answer.fields.push_back({"RateLimit-Remaining", whole(level.remaining)});
    answer.fields.push_back({"RateLimit-Reset", std::to_string(reset.count())});
}

}
