#pragma once

#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>

namespace allot {

/// The member, or null when it is missing or null. Valid as long as the object does not change.
boost::json::value const* present_member(boost::json::object const& object, std::string_view name) noexcept;

/// The member's text; empty when it is missing or of another type.
std::string text_member(boost::json::object const& object, std::string_view name);

}
