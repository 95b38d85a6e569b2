#pragma once

#include "audit/store/audit_reader.hpp"
#include "client/strategy.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What an audit costs before it is run. No limit is published for this API: the costs and quotas are those
/// that Microsoft documents for identity and access, the nearest family, and so a model.
/// Thread safety: free functions without state.
namespace allot {

/// What is to be audited.
struct plan_job {
    std::uint64_t references = 0; ///< to be asked for: distinct and valid
    bool whole_tenant = false;    ///< they are all that a list gives
    bool select = false;
    bool expand = false;
    std::uint64_t batch_size = 20;
    std::uint64_t page_size = 100;
};

enum class plan_strategy {
    get,   ///< one request for each reference
    batch, ///< as items of a call that holds several
    list,  ///< pages of assignments with their allotments
};

/// "get", "batch", "list".
char const* to_string(plan_strategy value) noexcept;

/// What a strategy needs when nothing has to be repeated.
struct plan_costs {
    plan_strategy strategy = plan_strategy::get;
    std::uint64_t calls = 0;    ///< round trips
    std::uint64_t requests = 0; ///< what Graph counts: calls, for a batch its items
    std::uint64_t units = 0;    ///< resource units
};

/// The strategies that the job allows: a list only for a whole tenant.
std::vector<plan_costs> plan(plan_job const& job);

/// The one with the fewest units, among those the one with the fewest calls.
plan_costs const& cheapest(std::vector<plan_costs> const& plans);

/// The strategy that is taken when the choice is left open, and why.
struct plan_choice {
    plan_strategy strategy = plan_strategy::get;
    std::string reason; ///< for people
};

/// The same, from what the client has found.
plan_choice plan_choice_of(strategy_choice const& fetching);

/// A list where there is one that has what is asked for; else as `choose_strategy`. Nothing where the time of
/// answers decides and is not known. `facts.count` is that of the job.
std::optional<plan_choice> choose(plan_job const& job, strategy_facts const& facts);

/// Resource units that an app may use in a tenant in ten seconds, by the tenant's size.
struct plan_quota {
    char const* name;
    std::uint64_t units;
};

inline constexpr std::array<plan_quota, 3> plan_quotas{{{"S", 3'500}, {"M", 5'000}, {"L", 8'000}}};

/// How long a quota holds the units up.
std::chrono::milliseconds time_at_quota(std::uint64_t units, plan_quota const& quota);

/// Preconditions: `per_second` > 0.
std::chrono::milliseconds time_at_rate(std::uint64_t requests, double per_second);

/// Requests per second that earlier runs reached, retries included.
struct learned_rate {
    double outside_holds = 0; ///< while the throttle gate was open
    double with_holds = 0;
    std::uint64_t requests = 0;
    std::chrono::milliseconds elapsed{}; ///< of all runs, from the start to the last sample of each
    std::chrono::milliseconds held{};
};

/// Of all runs together. Nothing when they were too short to tell: less than a second outside holds, or no
/// request.
std::optional<learned_rate>
learn_rate(std::vector<stored_run> const& runs, std::vector<run_sample> const& samples);

}
