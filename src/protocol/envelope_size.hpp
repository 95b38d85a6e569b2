#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace allot {

/// How an envelope was answered, as far as its size may be the reason.
enum class envelope_verdict {
    good,
    bad,     ///< not as a whole, late, or with too much that failed or is missing
    neutral, ///< says nothing of the size
};

/// How many requests go into an envelope: as many as can be, until the service answers large ones less well.
/// Then half as many, and after a number of good answers half as many more; the more often that has failed,
/// the more good answers it takes. With one there are no envelopes but requests of their own, so that a
/// service that answers no envelope at all costs next to nothing. Thread safety: unsafe.
class envelope_size {
public:
    /// Preconditions: `most` is at least 1.
    explicit envelope_size(std::size_t most) noexcept : most_(most), size_(most) {}

    std::size_t size() const noexcept { return size_; }

    /// An envelope of `requests`, or a request of its own, was answered. Smaller ones than the size say
    /// nothing, nor do larger ones: they were sent before it shrank.
    void on_answer(std::size_t requests, envelope_verdict how) noexcept;

private:
    static constexpr std::uint32_t first_patience = 4;
    static constexpr std::uint32_t most_patience = 512;

    std::size_t most_;
    std::size_t size_;
    std::uint32_t patience_ = first_patience; ///< good answers that it takes to grow
    std::uint32_t good_ = 0;
};

}
