#include "audit/plan.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace allot {
namespace {

constexpr std::uint64_t few_on_a_page = 20;
constexpr std::chrono::milliseconds quota_period{10'000};

std::uint64_t pages(std::uint64_t items, std::uint64_t to_a_page) {
    return (items + to_a_page - 1) / to_a_page;
}

/// A GET costs 1, $expand 1 more, $select or a $top below 20 1 less; never below 1.
std::uint64_t units_of_get(bool expand, bool less) {
    return expand && !less ? 2 : 1;
}

std::chrono::milliseconds rounded_up(double seconds) {
    return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

}

char const* to_string(plan_strategy value) noexcept {
    switch (value) {
    case plan_strategy::get:
        return "get";
    case plan_strategy::batch:
        return "batch";
    case plan_strategy::list:
        return "list";
    }
    return "unknown";
}

std::vector<plan_costs> plan(plan_job const& job) {
    auto const units = job.references * units_of_get(job.expand, job.select);
    std::vector<plan_costs> out{
        {plan_strategy::get, job.references, job.references, units},
        {plan_strategy::batch, pages(job.references, job.batch_size), job.references, units},
    };
    if (job.whole_tenant) {
        // An empty list is a page, too.
        auto const calls = std::max<std::uint64_t>(pages(job.references, job.page_size), 1);
        auto const each = units_of_get(true, job.page_size < few_on_a_page);
        out.push_back({plan_strategy::list, calls, calls, calls * each});
    }
    return out;
}

plan_costs const& cheapest(std::vector<plan_costs> const& plans) {
    return *std::min_element(plans.begin(), plans.end(), [](auto const& left, auto const& right) {
        return std::tie(left.units, left.calls) < std::tie(right.units, right.calls);
    });
}

plan_choice plan_choice_of(strategy_choice const& fetching) {
    return {
        fetching.strategy == batch_strategy::batch ? plan_strategy::batch : plan_strategy::get,
        fetching.reason};
}

std::optional<plan_choice> choose(plan_job const& job, strategy_facts const& facts) {
    if (job.whole_tenant && !job.expand)
        return plan_choice{plan_strategy::list, "pages of assignments come with their allotments"};
    auto const fetching = choose_strategy(facts);
    return fetching ? std::optional(plan_choice_of(*fetching)) : std::nullopt;
}

std::chrono::milliseconds time_at_quota(std::uint64_t units, plan_quota const& quota) {
    auto const period = static_cast<double>(quota_period.count()) / 1'000;
    return rounded_up(static_cast<double>(units) / static_cast<double>(quota.units) * period);
}

std::chrono::milliseconds time_at_rate(std::uint64_t requests, double per_second) {
    return rounded_up(static_cast<double>(requests) / per_second);
}

std::optional<learned_rate>
learn_rate(std::vector<stored_run> const& runs, std::vector<run_sample> const& samples) {
    std::map<std::uint64_t, run_sample> last;
    for (auto const& sample : samples)
        last[sample.run] = sample;
    learned_rate out;
    for (auto const& run : runs) {
        auto const found = last.find(run.number);
        if (found == last.end() || found->second.at <= run.started)
            continue;
        auto const elapsed = found->second.at - run.started;
        out.requests += found->second.requests;
        out.elapsed += elapsed;
        out.held += std::min(found->second.held, elapsed);
    }
    auto const seconds = [](std::chrono::milliseconds value) {
        return std::chrono::duration<double>(value).count();
    };
    auto const open = out.elapsed - out.held;
    if (out.requests == 0 || open < std::chrono::seconds(1))
        return std::nullopt;
    out.outside_holds = static_cast<double>(out.requests) / seconds(open);
    out.with_holds = static_cast<double>(out.requests) / seconds(out.elapsed);
    return out;
}

}
