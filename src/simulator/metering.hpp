#pragma once

#include "simulator/message.hpp"
#include "simulator/resource_units.hpp"
#include "simulator/retry_after.hpp"
#include "simulator/throttle.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace allot::simulation {

/// What answers say about the throttle.
struct throttle_hints {
    std::vector<retry_after_form> forms{retry_after_form::seconds}; ///< of refusals, in turns; not empty
    bool limit_percentage = true; ///< x-ms-throttle-limit-percentage, once 80 % of the bucket are taken
    bool rate_limit = false;      ///< RateLimit-Limit, -Remaining and -Reset, as SharePoint sends them
};

/// Counts what requests to Graph cost, asks the throttle, and says in the answers what Graph says there
/// (Graph page "throttling-limits"). Thread safety: unsafe.
class metering {
public:
    /// What a request had to pay.
    struct charge {
        int units = 0;
        throttle::verdict verdict;
    };

    /// `throttled`: nothing for no throttle. `scope`: the value of x-ms-throttle-scope.
    metering(
        std::optional<throttle_params> const& throttled, unit_costs const& costs, throttle_hints hints,
        std::string scope, std::chrono::steady_clock::time_point start);

    charge take_get(std::string_view path, std::string_view query, instant now);
    charge take_batch(instant now);

    /// The answer to a request that was refused.
    reply refusal(exchange const& of, charge const& paid);

    /// Gives back what an answer of that status does not cost, and adds the fields about cost and load.
    void settle(charge& paid, reply& answer);

private:
    charge take(int units, instant now);
    void add_load(reply& answer, throttle::verdict const& verdict) const;

    unit_costs costs_;
    throttle_hints hints_;
    std::string scope_;
    std::optional<throttle> throttle_;
    std::size_t refusals_ = 0;
};

}
