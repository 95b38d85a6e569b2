#pragma once

#include "json/decode.hpp"

#include <allot/query.hpp>

#include <boost/json/fwd.hpp>

#include <optional>
#include <string_view>

namespace allot {

/// What tells an allotment from other JSON, whose members would all count as unknown ones: id, allottedUnits
/// and consumedUnits are there and not null, under `$select` those of them that are selected; when none is,
/// any selected member, null or not. Otherwise the error, its path relative to the entity.
std::optional<decode_error> missing_of_allotment(boost::json::object const& entity, query const& options);

/// Whether an allotment that was asked for with `options` must have this member, not null.
bool is_required_of_allotment(std::string_view member, query const& options);

/// The same for an assignment, of which id is required.
std::optional<decode_error> missing_of_assignment(boost::json::object const& entity, query const& options);

}
