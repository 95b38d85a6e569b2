#pragma once

#include <chrono>
#include <string>

namespace allot {

/// For people: "2026-01-05 10:00:03 UTC".
std::string format_utc(std::chrono::sys_seconds value);

}
