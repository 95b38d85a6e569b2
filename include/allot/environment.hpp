#pragma once

#include <functional>
#include <optional>
#include <string>

namespace allot {

/// Looks an environment variable up; one that is empty counts as not set.
using environment = std::function<std::optional<std::string>(char const* name)>;

/// The environment of the process. Thread safety: as std::getenv.
environment process_environment();

}
