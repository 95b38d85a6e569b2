#pragma once

#include "simulator/journal.hpp"
#include "simulator/message.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace allot::simulation {

/// What a request gets, and what is to be noted about it.
struct decision {
    reply answer;
    std::optional<std::size_t> rule; ///< position of the fault rule that took it
    journal::kind kind = journal::kind::graph;
    bool early = false;
    int units = 0;                     ///< what it cost
    double load = 0;                   ///< the share of the throttle's bucket that is taken, 0 of refusals
    std::chrono::microseconds delay{}; ///< beside the rule's
    std::vector<journal_item> items;   ///< of a batch, in the order of the request
};

}
