#pragma once

#include "simulator/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {

inline constexpr std::string_view https = "https://";

/// Whether URLs that begin like this lead to the simulator: those it listens at, `own`, and those of the
/// clouds' authorities, in whose place it may stand.
bool is_own_base(std::string_view base, std::vector<std::string> const& own);

/// The begin of the URLs that a client thinks it is at, as its Host says; the first of `own` where the host
/// is nobody's. Precondition: `own` is not empty.
std::string base_of(request const& what, std::vector<std::string> const& own);

}
