#pragma once

#include "protocol/target.hpp"

#include <allot/failure.hpp>

#include <string>
#include <string_view>

namespace allot {

/// The target that a link to the next page of a list (`@odata.nextLink`) stands for: its path and query as
/// they are. A request with a token may only go where the link and `where` agree: https, the same host and
/// port. Errors: `errc::redirected` for another place; the message names it, cut and without control
/// characters. `errc::bad_body` when the link is no absolute URL (RFC 3986), has user info or a fragment, or
/// is longer than 16 KiB.
result<std::string> next_link_target(std::string_view link, origin const& where);

}
