#include "json/required.hpp"

#include "json/ascii.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

namespace allot {
namespace {

bool selects(query const& options, std::string_view member) {
    return std::ranges::any_of(
        options.selected(), [member](std::string_view selected) { return same_name(selected, member); });
}

constexpr std::array<std::string_view, 3> required_of_allotment{"id", "allottedUnits", "consumedUnits"};

bool is_asked_for(std::string_view member, query const& options) {
    return options.selected().empty() || selects(options, member);
}

std::optional<decode_error>
missing(boost::json::object const& entity, query const& options, std::span<std::string_view const> required) {
    bool any_required = false;
    for (auto const name : required) {
        if (!is_asked_for(name, options))
            continue;
        any_required = true;
        auto const* const found = entity.if_contains(name);
        if (found == nullptr || found->is_null()) {
            return decode_error{
                '/' + std::string(name), "the required member", found == nullptr ? "nothing" : "null"};
        }
    }
    auto const is_selected = [&options](auto const& member) { return selects(options, member.key()); };
    if (any_required || std::ranges::any_of(entity, is_selected))
        return std::nullopt;
    return decode_error{
        "", "an object with " + options.selected().front() + " or another selected member",
        "an object with none of them"};
}

}

std::optional<decode_error> missing_of_allotment(boost::json::object const& entity, query const& options) {
    return missing(entity, options, required_of_allotment);
}

bool is_required_of_allotment(std::string_view member, query const& options) {
    return std::ranges::find(required_of_allotment, member) != required_of_allotment.end() &&
           is_asked_for(member, options);
}

std::optional<decode_error> missing_of_assignment(boost::json::object const& entity, query const& options) {
    return missing(entity, options, std::span(required_of_allotment).first<1>());
}

}
