#pragma once

#include "io/envelope_item.hpp"
#include "protocol/batch_state.hpp"
#include "protocol/envelope_queue.hpp"
#include "protocol/envelope_size.hpp"

#include <allot/batch.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace allot {

/// How many workers send envelopes of what size, so that no more references are under way than may be.
struct envelope_layout {
    std::size_t workers = 1;
    std::size_t size = 1;

    static envelope_layout of(std::size_t concurrency) noexcept {
        auto const workers = (concurrency + most_in_envelope - 1) / most_in_envelope;
        return {workers, concurrency / workers};
    }
};

/// What goes out together.
struct envelope_load {
    std::vector<envelope_item*> items;
    std::vector<batch_state::fetch_id> fetches;
    std::optional<std::chrono::steady_clock::time_point> look_again; ///< where there is nothing to send now

    void clear() noexcept {
        items.clear();
        fetches.clear();
        look_again.reset();
    }
};

/// What the workers of a batch share that sends envelopes.
/// Thread safety: one strand.
struct envelope_desk {
    envelope_desk(batch_strategy wanted, envelope_layout const& layout) noexcept :
        strategy(wanted),
        workers(layout.workers),
        size(layout.size) {}

    /// Of the next envelope.
    std::size_t size_now() const noexcept { return strategy == batch_strategy::batch ? size.size() : 1; }

    batch_strategy strategy; ///< automatic until it is decided
    std::size_t workers;     ///< that may send envelopes
    envelope_size size;
    envelope_queue queue;
    std::deque<std::optional<envelope_item>> items; ///< by fetch
    std::size_t open = 0;                           ///< items without a result
    std::size_t answers = 0;
    bool cancelled = false;
};

}
