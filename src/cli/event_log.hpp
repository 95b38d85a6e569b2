#pragma once

#include "cli/console.hpp"

#include <allot/observer.hpp>

#include <memory>

namespace allot {

/// Writes what a client does to the log: holds at level info, requests, retries, connections and tokens at
/// level debug. Null where the level lets none of that through. Lifetimes: `terminal` outlives it.
std::shared_ptr<observer> make_event_log(console& terminal);

}
