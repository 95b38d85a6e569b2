#pragma once

namespace allot {

/// A place where tests end the process, as SIGKILL does: ALLOT_FAIL_POINT=NAME:N in the environment does so
/// when it is passed for the Nth time. Does nothing unless built with ALLOT_FAIL_POINTS. Thread safety: safe.
#ifdef ALLOT_FAIL_POINTS
void fail_point(char const* name) noexcept;
#else
inline void fail_point(char const*) noexcept {}
#endif

}
