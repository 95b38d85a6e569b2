#include "audit/sku_name.hpp"

#include "json/scalars.hpp"

namespace allot {

std::string sku_name(allotment const& value) {
    if (value.sku_part_number)
        return *value.sku_part_number;
    std::string out;
    if (value.sku_id)
        append_guid(out, *value.sku_id);
    return out.empty() ? "(no SKU named)" : out;
}

}
