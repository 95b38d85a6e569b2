#pragma once

#include <string_view>

namespace allot::simulation {

/// What requests cost in resource units: Graph's page "throttling-limits", "identity and access", for a path
/// it does not list. Sums stay at 1 or, if the base is less, at the base.
struct unit_costs {
    int get = 1;   ///< one entity
    int list = 1;  ///< a page of a list
    int batch = 0; ///< an envelope, beside its items: each item counts on its own
    int select = -1;
    int expand = 1;
    int top = -1; ///< `$top` below 20
    /// Answers of 400 and 403. No page says so; users report that they cost nothing.
    int refused = 0;
};

/// The cost of a GET. `query`: still percent-encoded.
int units_of(std::string_view path, std::string_view query, unit_costs const& costs) noexcept;

}
