#pragma once

#include <boost/json/parse_options.hpp>

namespace allot {

/// RFC 8259 to the letter, and no deeper than an honest answer goes.
inline constexpr boost::json::parse_options strict_json{.max_depth = 32};

}
