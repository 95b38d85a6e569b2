#pragma once

#include "io/exchange_attempt.hpp"
#include "io/graph_exchange.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace allot {

/// A result that comes about. Its memory is kept for the next one, and so is all that the loop's coroutine
/// needs: a frame above 1,020 bytes is none that Asio keeps, and drives out one that it has kept.
struct graph_exchange::retrieval {
    std::string target;
    time_point started;
    std::optional<attempt> current;
    std::optional<retry_state> retry;
    time_point retry_at;
    std::optional<allotment> found_allotment;
    std::optional<assignment_page> found_page;
    std::unique_ptr<retrieval> next; ///< that is kept too
};

/// Keeps the memory.
struct graph_exchange::keep {
    graph_exchange* owner;

    void operator()(retrieval* ended) const noexcept {
        ended->current.reset();
        ended->found_allotment.reset();
        ended->found_page.reset();
        ended->next = std::move(owner->kept_);
        owner->kept_.reset(ended);
    }
};

}
