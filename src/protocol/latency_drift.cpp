#include "protocol/latency_drift.hpp"

#include <algorithm>

namespace allot {
namespace {

using namespace std::chrono;

constexpr milliseconds short_stretch{500};
constexpr seconds long_stretch{10};
constexpr std::size_t enough = 8; // answers to judge a stretch by
constexpr milliseconds noise{5};  // differences that mean nothing

}

void latency_drift::shortest::add(
    time_point now, std::size_t answers, nanoseconds latency, nanoseconds length) {
    if (now >= ends) {
        bool const next = ends != time_point::min() && now - ends < length;
        last = next ? current : nanoseconds::max();
        last_count = next ? count : 0;
        current = nanoseconds::max();
        count = 0;
        ends = now + length;
    }
    current = std::min(current, latency);
    count += answers;
}

void latency_drift::on_answers(time_point now, std::size_t answers, nanoseconds quickest) {
    short_term_.add(now, answers, quickest, short_stretch);
    long_term_.add(now, answers, quickest, long_stretch);
}

bool latency_drift::slower() const noexcept {
    if (short_term_.last_count < enough)
        return false;
    return short_term_.last > usual() + usual() / 2 + noise;
}

nanoseconds latency_drift::usual() const noexcept {
    auto const found = std::min(long_term_.current, long_term_.last);
    return found == nanoseconds::max() ? nanoseconds{0} : found;
}

}
