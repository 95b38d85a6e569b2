#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace allot {

/// The requests of a batch that have to be sent again: which of them go into the next envelope.
/// Thread safety: unsafe.
class envelope_queue {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using request_id = std::size_t;

    struct entry {
        request_id request = 0;
        std::size_t most = 1;   ///< the largest envelope that it may be in; 1: only by itself
        bool on_budget = false; ///< it takes a retry from the budget
        time_point deadline = time_point::max(); ///< of its result
    };

    /// Not to be sent before `at`.
    void add(time_point at, entry const& what) { entries_.emplace(at, what); }

    /// Takes those that are due for an envelope of at most `size`, the longest due first; those that are
    /// smaller than what is there already stay. `take_budget` says whether one more may be sent; after a no
    /// nothing more that needs it is taken. Returns how large the envelope may become, with others in it: at
    /// least as many as were taken.
    std::size_t
    take(time_point now, std::size_t size, std::function<bool()> const& take_budget, std::vector<entry>& out);

    /// Takes those whose deadline has passed.
    std::vector<entry> take_expired(time_point now);
    /// The first of their deadlines.
    time_point next_deadline() const noexcept;

    /// When the next one is due.
    std::optional<time_point> next_at() const {
        return entries_.empty() ? std::nullopt : std::optional(entries_.begin()->first);
    }
    bool empty() const noexcept { return entries_.empty(); }

    /// Takes all, due or not.
    std::vector<entry> take_all();

private:
    std::multimap<time_point, entry> entries_;
};

}
