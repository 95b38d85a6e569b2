#include "simulator/resource_units.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace allot::simulation {
namespace {

constexpr unsigned small_top = 20;

bool is_small(std::string_view top) noexcept {
    unsigned value = 0;
    auto const [end, error] = std::from_chars(top.data(), top.data() + top.size(), value);
    return error == std::errc() && end == top.data() + top.size() && value < small_top;
}

}

int units_of(std::string_view path, std::string_view query, unit_costs const& costs) noexcept {
    auto const base = path.ends_with("/assignments") ? costs.list : costs.get;
    auto sum = base;
    while (!query.empty()) {
        auto const option = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), option.size() + 1));
        auto const equals = std::min(option.find('='), option.size());
        auto name = option.substr(0, equals);
        for (std::string_view const dollar : {"$", "%24"})
            if (name.starts_with(dollar)) {
                name.remove_prefix(dollar.size());
                if (name == "select")
                    sum += costs.select;
                else if (name == "expand")
                    sum += costs.expand;
                else if (name == "top" && is_small(option.substr(std::min(option.size(), equals + 1))))
                    sum += costs.top;
                break;
            }
    }
    return std::max(sum, std::min(base, 1));
}

}
