#pragma once

namespace allot {

/// What `allot simulate --help` says below the options: what is served, and what a script may hold.
char const* simulate_help() noexcept;

}
