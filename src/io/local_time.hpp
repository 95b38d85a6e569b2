#pragma once

#include <chrono>

namespace allot {

/// A time of this machine's zone in UTC. Of the two that an hour has when clocks are set back, the earlier.
/// Thread safety: as std::mktime.
std::chrono::sys_seconds to_utc(std::chrono::local_seconds local);

}
