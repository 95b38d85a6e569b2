#pragma once

#include "protocol/batch_state.hpp"

#include <allot/batch.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace allot {

/// Deals the references of a source to several takers, in chunks: a lock for each chunk, none for a
/// reference. What stands in a list several times is dealt once. Thread safety: safe; a generator is called
/// by one taker at a time.
class reference_dealer {
public:
    static constexpr std::size_t chunk_size = 16;

    struct chunk {
        std::uint64_t first = 0; ///< number of the first one, from 0; the others follow
        std::vector<assignment_ref> references;
    };

    explicit reference_dealer(reference_source source);

    /// Of `chunk_size` but for the last one; nothing at the end.
    chunk deal();

    /// No more is dealt.
    void stop() noexcept { stopped_.store(true, std::memory_order_relaxed); }
    bool stopped() const noexcept { return stopped_.load(std::memory_order_relaxed); }

    /// Where the reference of that number stands in the input, from 1, and where an equal one stands after
    /// that.
    std::uint64_t position(std::uint64_t number) const;
    std::optional<std::uint64_t> next_position(std::uint64_t before) const;

private:
    std::optional<assignment_ref> next();

    std::mutex mutex_;
    std::vector<assignment_ref> references_;
    std::function<std::optional<assignment_ref>()> generator_;
    bool ended_ = false;
    std::uint64_t dealt_ = 0;
    std::atomic<bool> stopped_{false};

    std::optional<duplicate_chain> duplicates_;
    std::vector<std::size_t> firsts_; ///< of equal references, by number; empty when all differ
};

}
