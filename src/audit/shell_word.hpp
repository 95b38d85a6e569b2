#pragma once

#include <string>
#include <string_view>

namespace allot {

/// A path or value as a shell reads it back and a terminal shows it; empty when it is, or cannot be both.
std::string shell_word(std::string_view text);

}
