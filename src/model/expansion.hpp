#pragma once

#include <allot/query.hpp>

#include <string_view>

namespace allot {

/// What the nested `$select` of an expanded navigation selects: for "allotment" and the expansion
/// "allotment($select=id,skuId)", id and skuId. Nothing where it is not expanded, or all of it is.
/// Precondition: `options.problem()` is nothing.
query selected_within(query const& options, std::string_view navigation);

}
