#include "io/failures.hpp"

namespace allot {

failure cancelled_failure() {
    failure made;
    made.code = errc::cancelled;
    made.reason = end_reason::cancelled;
    made.message = "cancelled";
    return made;
}

failure deadline_failure(std::string const& waiting_for) {
    failure made;
    made.code = errc::deadline_exceeded;
    made.reason = end_reason::deadline;
    made.message = "the deadline passed while waiting for " + waiting_for;
    return made;
}

failure parked_failure(std::chrono::steady_clock::time_point until) {
    auto const left = until - std::chrono::steady_clock::now();
    failure made;
    made.code = errc::parked;
    made.reason = end_reason::parked;
    made.retry_at = std::chrono::system_clock::now() + std::chrono::ceil<std::chrono::seconds>(left);
    made.message = "Graph asks to wait " +
                   std::to_string(std::chrono::ceil<std::chrono::seconds>(left).count()) +
                   " s, longer than max_wait allows; continue then";
    return made;
}

}
