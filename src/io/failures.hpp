#pragma once

#include <allot/failure.hpp>

#include <chrono>
#include <string>

namespace allot {

failure cancelled_failure();

/// `waiting_for` completes "the deadline passed while waiting for ...".
failure deadline_failure(std::string const& waiting_for);

/// Graph may be asked again at `until`.
failure parked_failure(std::chrono::steady_clock::time_point until);

}
