#pragma once

#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <string>

namespace allot {

/// The key that the challenge of Azure Arc's agent points to, without white space around it. Whoever answers
/// on the agent's port may name any file, and gets its content in return, so little is read: a regular file
/// of up to 4096 bytes, itself no link, that lies directly in `folder` and ends in ".key". Errors:
/// `errc::token_unavailable`.
result<secret> read_arc_key(std::string const& path, std::string const& folder);

}
