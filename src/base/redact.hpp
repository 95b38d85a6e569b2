#pragma once

#include <string>
#include <string_view>

namespace allot {

/// Takes a secret out of what a server said: it may repeat, whole or cut, what it was sent. Replaced by
/// "[redacted]" is whatever begins like `hidden` (8 characters, or all when it is shorter), as far as both
/// are the same.
void redact(std::string& text, std::string_view hidden);

}
