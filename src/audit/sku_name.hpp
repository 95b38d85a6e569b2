#pragma once

#include <allot/model.hpp>

#include <string>

namespace allot {

/// What people call the allotment's SKU: its part number, else its GUID, else "(no SKU named)".
std::string sku_name(allotment const& value);

}
