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
    std::string target; ///< not to be changed while there is an attempt, which has a view of it
    time_point started;
    std::optional<attempt> current;
    std::optional<retry_state> retry;
    time_point retry_at;
    std::optional<allotment> found_allotment;
    std::optional<assignment_page> found_page;
};

struct graph_exchange::give_back {
    graph_exchange* owner;

    void operator()(retrieval* ended) const noexcept {
        std::unique_ptr<retrieval> owned(ended);
        ended->current.reset();
        ended->found_allotment.reset();
        ended->found_page.reset();
        // Room was made for as many as there are connections.
        auto& free = owner->free_retrievals_;
        if (free.size() != free.capacity())
            free.push_back(std::move(owned));
    }
};

}
