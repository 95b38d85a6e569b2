#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// What rule of W3C Trace Context (level 1, section 3.2) a traceparent breaks, as ": rule", or nothing.
std::optional<std::string> traceparent_problem(std::string_view text);

/// A valid traceparent as one of version 00, the version that is sent: what later versions add is left out.
std::string as_known_version(std::string_view text);

}
