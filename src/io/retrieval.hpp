#pragma once

#include "io/exchange_attempt.hpp"
#include "io/graph_exchange.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace allot {

/// What the loop of one result works on, `set_up` for each. It is used again for the next result, and is not
/// in the loop's frame: one above 1,020 bytes is none that Asio keeps, and drives out one that it has kept.
struct graph_exchange::retrieval {
    void on_returned() noexcept { current.reset(); }

    std::string target; ///< not to be changed while there is an attempt, which has a view of it
    time_point started;
    std::optional<attempt> current;
    std::optional<retry_state> retry;
    time_point retry_at;
};

}
