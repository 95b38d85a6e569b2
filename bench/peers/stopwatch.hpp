#pragma once

#include "peers/job.hpp"

#include <chrono>
#include <cstdint>
#include <sys/resource.h>

namespace bench {

/// Counts answers, and takes the time and the processor's from the end of the warm-up until the job's end.
/// Thread safety: one thread.
class stopwatch {
public:
    explicit stopwatch(job const& of);

    /// `more` answers are there, and right. False: the time is over, ask for no more.
    bool answered(std::uint64_t more = 1) {
        auto const before = answers_;
        answers_ += more;
        if (phase_ != phase::over && before / look_after != answers_ / look_after)
            look();
        return phase_ != phase::over;
    }

    bool over() const noexcept { return phase_ == phase::over; }

    /// What was counted, as one line of JSON on stdout. Ends the program where the time is not over.
    void print() const;

private:
    /// A look at the clock costs what a small part of an exchange does.
    static constexpr std::uint64_t look_after = 16;

    using clock = std::chrono::steady_clock;
    enum class phase { warm_up, counting, over };
    struct reading {
        clock::time_point at{};
        std::uint64_t answers = 0;
        rusage used{};
    };

    void look();
    reading take() const;

    std::chrono::duration<double> warm_up_;
    std::chrono::duration<double> seconds_;
    phase phase_ = phase::warm_up;
    std::uint64_t answers_ = 0;
    reading begin_;
    reading end_;
};

}
