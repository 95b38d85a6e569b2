#pragma once

#include "simulator/content_coding.hpp"
#include "simulator/script.hpp"
#include "simulator/script_node.hpp"

#include <string>

namespace allot::simulation {

/// Members of a script that name content codings: `encode` of a rule, and `gzip`.
encoding read_encoding(script_node const& from);
compressed read_gzip(script_node const& from);

/// Bytes, each as one character from U+0000 to U+00FF.
std::string read_raw(script_node const& from);

}
