#pragma once

#include <allot/assignment_ref.hpp>
#include <allot/batch.hpp>

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace allot {

/// Finds the references that stand in a list several times.
class duplicate_chain {
public:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    explicit duplicate_chain(std::vector<assignment_ref> const& references);

    /// Whether an equal reference stands earlier in the list.
    bool repeats(std::size_t index) const { return !next_.empty() && repeats_[index]; }
    /// Where the next equal reference stands, or `none`.
    std::size_t next(std::size_t index) const { return next_.empty() ? none : next_[index]; }

private:
    std::vector<std::size_t> next_; ///< empty when all references differ
    std::vector<bool> repeats_;
};

/// The scheduler of one batch: which reference is fetched next, how far fetching runs ahead of the reader,
/// and which result the reader gets next. Equal references under way share one fetch.
class batch_state {
public:
    using fetch_id = std::size_t;
    using worker_id = std::uintptr_t;

    /// Where the result of a fetch goes.
    struct place {
        std::optional<result<allotment>> outcome{}; ///< none while it is under way
        exchange_info exchange{};
    };

    /// At most `concurrency` fetches run; at most `concurrency + buffer` positions are taken from the input
    /// and not yet by the reader. Preconditions: both > 0.
    batch_state(std::size_t concurrency, std::size_t buffer);
    batch_state(batch_state const&) = delete;
    batch_state& operator=(batch_state const&) = delete;

    /// Whether so many more references may be taken from the input now, or as many as ever may.
    bool has_room(std::size_t wanted = 1) const noexcept {
        return !stopped_ && open_ + std::min(wanted, window_) <= window_;
    }
    /// A worker without room for what it wants waits; a later `take_worker` names it.
    void wait_for_room(worker_id worker, std::size_t wanted = 1) { workers_.push_back({worker, wanted}); }
    /// The worker that waits longest, if there is room for it or nothing left to wait for.
    std::optional<worker_id> take_worker();

    /// The next reference of the input. Returns the fetch to run, or nothing when the reference joined one
    /// under way. Preconditions: `has_room()`.
    std::optional<fetch_id> add(assignment_ref reference);
    /// The same for a reference that stands at several positions of the input.
    fetch_id add(assignment_ref reference, std::span<std::uint64_t const> positions);

    /// Valid until the fetch's last position is taken.
    assignment_ref const& reference(fetch_id id) const { return fetches_[id].reference; }
    /// The first of its positions: no other fetch has it.
    std::uint64_t position(fetch_id id) const { return fetches_[id].positions.front(); }

    /// Empty at first; valid as `reference`. Thread safety: no other member touches it before `complete`.
    place& place_of(fetch_id id) { return fetches_[id].at; }

    /// The fetch has ended, with what is in its place; its positions become ready for the reader.
    void complete(fetch_id id) { ready_.push_back(id); }
    void complete(fetch_id id, result<allotment>&& outcome, exchange_info&& exchange);

    /// The input has no more references.
    void input_ended() noexcept { stopped_ = true; }

    /// The next ready result.
    std::optional<batch_item> take();

    bool has_ready() const noexcept { return !ready_.empty(); }

    /// Whether every position taken from the input was given to the reader, and no more will come.
    bool finished() const noexcept { return stopped_ && open_ == 0; }
    bool stopped() const noexcept { return stopped_; }

private:
    struct fetch {
        assignment_ref reference;
        boost::container::small_vector<std::uint64_t, 1> positions;
        std::size_t hash = 0; ///< of the reference, where it may be joined
        std::size_t delivered = 0;
        std::size_t weight = 1; ///< its share of the window
        place at{};
    };
    struct hashed_reference {
        assignment_ref const& reference;
        std::size_t hash;
    };
    struct hash {
        using is_transparent = void;
        std::deque<fetch> const* fetches;
        std::size_t operator()(hashed_reference const& key) const { return key.hash; }
        std::size_t operator()(fetch_id key) const { return (*fetches)[key].hash; }
    };
    struct equal {
        using is_transparent = void;
        std::deque<fetch> const* fetches;
        bool operator()(fetch_id a, fetch_id b) const { return a == b; }
        bool operator()(fetch_id a, hashed_reference const& b) const {
            return (*fetches)[a].reference == b.reference;
        }
        bool operator()(hashed_reference const& a, fetch_id b) const { return (*this)(b, a); }
    };

    fetch_id
    start(assignment_ref&& reference, std::span<std::uint64_t const> positions, std::size_t its_hash = 0);

    std::size_t window_;
    std::size_t open_ = 0;
    bool stopped_ = false;
    std::uint64_t added_ = 0;
    std::deque<fetch> fetches_; ///< references into it stay valid
    std::vector<fetch_id> unused_;
    std::deque<fetch_id> ready_;
    boost::unordered_flat_set<fetch_id, hash, equal> joinable_; ///< fetches that an equal reference may join
    struct waiting_worker {
        worker_id id = 0;
        std::size_t wanted = 1;
    };
    std::deque<waiting_worker> workers_;
};

}
