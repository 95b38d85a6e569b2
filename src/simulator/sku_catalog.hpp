#pragma once

#include <span>
#include <string_view>

namespace allot::simulation {

/// A product as every tenant can buy it.
struct catalog_entry {
    std::string_view part_number;
    /// Graph's spelling of who it can be assigned to: "user,group", "user" or "device".
    std::string_view assignable_to;
    /// Names of the service plans, comma-joined; one that begins with "-" is assignable to nobody.
    std::string_view plans;
    /// How many pools of it a tenant holds.
    unsigned allotments;
};

/// The products, the most used first.
std::span<catalog_entry const> sku_catalog() noexcept;

}
