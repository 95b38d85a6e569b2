#pragma once

#include <string>

/// What somebody sees who does not know yet what to type.
namespace allot {

/// For `allot` alone.
std::string first_steps();

/// For `allot audit` at a terminal, without an input.
std::string audit_examples();

}
