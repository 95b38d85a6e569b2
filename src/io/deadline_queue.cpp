#include "io/deadline_queue.hpp"

namespace allot {

using clock = std::chrono::steady_clock;

deadline_queue::deadline_queue(boost::asio::any_io_executor const& executor) :
    timer_(executor, [this] { tick(); }) {}

void deadline_queue::arm(timed_action& action, clock::time_point at) {
    wheel_.arm(action, at);
    if (!timer_.is_set())
        timer_.set(clock::now() + deadline_wheel::tick);
}

void deadline_queue::rest() {
    if (wheel_.empty())
        timer_.clear();
}

void deadline_queue::tick() {
    auto const now = clock::now();
    while (auto* const found = wheel_.expired(now))
        static_cast<timed_action*>(found)->expire();
    if (!wheel_.empty())
        timer_.set(now + deadline_wheel::tick);
}

}
