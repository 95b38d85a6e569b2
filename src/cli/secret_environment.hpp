#pragma once

#include <allot/credential_settings.hpp>

namespace allot {

/// The environment of the process for commands. A variable that holds a secret is taken: once read, its text
/// is overwritten in place and the variable removed, so that neither /proc/PID/environ nor a core holds it.
/// Those that nobody asked for go the same way when the last copy of the lookup does. Preconditions: one
/// thread. Thread safety: shared: unsafe.
environment secret_environment();

/// Overwrites and removes all variables that hold secrets. Preconditions: one thread.
void forget_secret_variables() noexcept;

}
