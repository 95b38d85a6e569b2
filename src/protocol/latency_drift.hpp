#pragma once

#include <chrono>
#include <cstddef>

namespace allot {

/// Whether answers have become slower of late: the shortest answer time of the last half second against the
/// shortest one of the last 10 to 20 s. Shortest, because slow single answers say nothing about load; and a
/// slowness that lasts becomes what later answers are compared with. Thread safety: unsafe.
class latency_drift {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Answers that came about now, the quickest after `quickest`.
    void on_answers(time_point now, std::size_t answers, std::chrono::nanoseconds quickest);

    bool slower() const noexcept;
    /// The shortest answer time of the last 10 to 20 s; 0 before there was an answer.
    std::chrono::nanoseconds usual() const noexcept;

private:
    /// The shortest of a stretch of time and of the one before it.
    struct shortest {
        std::chrono::nanoseconds current = std::chrono::nanoseconds::max();
        std::chrono::nanoseconds last = std::chrono::nanoseconds::max();
        std::size_t count = 0;
        std::size_t last_count = 0;
        time_point ends = time_point::min();

        void
        add(time_point now, std::size_t answers, std::chrono::nanoseconds latency,
            std::chrono::nanoseconds length);
    };

    shortest short_term_;
    shortest long_term_;
};

}
