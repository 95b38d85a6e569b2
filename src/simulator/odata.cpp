#include "simulator/odata.hpp"

#include "simulator/message.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace allot::simulation {
namespace {

constexpr std::string_view allotment_members[] = {
    "id",       "allottedUnits", "assignableTo",  "consumedUnits",
    "services", "skuId",         "skuPartNumber", "subscriptions"};
constexpr std::string_view assignment_members[] = {"id", "disabledServicePlanIds"};
constexpr std::string_view waiting_member_members[] = {"id", "waitingSinceDateTime"};
constexpr std::string_view directory_object_members[] = {"id", "displayName", "userPrincipalName"};

constexpr entity_type::navigation allotment_navigations[] = {
    {"assignments", &assignment_type}, {"waitingMembers", &waiting_member_type}};
constexpr entity_type::navigation assignment_navigations[] = {
    {"allotment", &allotment_type}, {"assignedTo", &directory_object_type}};

/// Takes the text up to the next separator outside of parentheses.
std::string_view take(std::string_view& rest, char separator) {
    std::size_t depth = 0;
    std::size_t at = 0;
    for (; at != rest.size(); ++at) {
        if (rest[at] == separator && depth == 0)
            break;
        if (rest[at] == '(')
            ++depth;
        if (rest[at] == ')' && depth != 0)
            --depth;
    }
    auto const item = rest.substr(0, at);
    rest.remove_prefix(std::min(rest.size(), at + 1));
    return item;
}

std::string_view trim(std::string_view text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

std::optional<query_problem> parse_select(std::string_view list, entity_type const& type, member_mask& out) {
    if (trim(list).empty())
        return query_problem{"The value of '$select' is empty."};
    out = 0;
    while (!list.empty()) {
        auto const name = trim(take(list, ','));
        auto const found = std::find(type.members.begin(), type.members.end(), name);
        if (found == type.members.end())
            return query_problem{
                "Could not find a property named '" + std::string(name) +
                "' on type 'microsoft.graph.cloudLicensing." + std::string(type.name) + "'."};
        out = static_cast<member_mask>(out | 1U << (found - type.members.begin()));
    }
    return std::nullopt;
}

std::optional<query_problem> parse_nested(std::string_view options, entity_type const& type, expansion& out) {
    while (!options.empty()) {
        auto const option = trim(take(options, ';'));
        constexpr std::string_view select = "$select=";
        if (!option.starts_with(select))
            return query_problem{"The nested query option '" + std::string(option) + "' is not supported."};
        if (auto problem = parse_select(option.substr(select.size()), type, out.members))
            return problem;
    }
    return std::nullopt;
}

std::optional<query_problem> parse_expand(std::string_view list, entity_type const& type, selection& out) {
    if (trim(list).empty())
        return query_problem{"The value of '$expand' is empty."};
    while (!list.empty()) {
        auto const item = trim(take(list, ','));
        auto const bracket = item.find('(');
        auto const name = item.substr(0, bracket);
        auto const found =
            std::find_if(type.navigations.begin(), type.navigations.end(), [name](auto const& each) {
                return each.name == name;
            });
        if (found == type.navigations.end())
            return query_problem{
                "Could not find a navigation property named '" + std::string(name) +
                "' on type 'microsoft.graph.cloudLicensing." + std::string(type.name) + "'."};
        expansion added{static_cast<std::size_t>(found - type.navigations.begin())};
        if (std::any_of(out.expansions.begin(), out.expansions.end(), [&added](expansion const& each) {
                return each.navigation == added.navigation;
            }))
            return query_problem{"The navigation property '" + std::string(name) + "' is expanded twice."};
        if (bracket != std::string_view::npos) {
            if (!item.ends_with(')') || item.size() - bracket < 3)
                return query_problem{"The expansion '" + std::string(item) + "' is not well formed."};
            auto const nested = item.substr(bracket + 1, item.size() - bracket - 2);
            if (auto problem = parse_nested(nested, *found->target, added))
                return problem;
        }
        out.expansions.push_back(added);
    }
    return std::nullopt;
}

bool parse_number(std::string_view text, std::size_t& out) {
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size();
}

constexpr std::string_view empty_mark = "e";

std::optional<query_problem> parse_skip_token(std::string_view text, selection& out) {
    out.empty = text.ends_with(empty_mark);
    if (out.empty)
        text.remove_suffix(empty_mark.size());
    if (!parse_number(text, out.skip))
        return query_problem{"The skip token is not one of this service."};
    return std::nullopt;
}

std::optional<query_problem> parse_top(std::string_view text, selection& out) {
    if (!parse_number(text, out.top) || out.top == 0 || out.top > most_top)
        return query_problem{
            "Invalid value '" + std::string(text) + "' for '$top': it must be from 1 to " +
            std::to_string(most_top) + "."};
    return std::nullopt;
}

/// Takes the next option off the front of a query.
std::string_view take_option(std::string_view& query) {
    auto const part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    return part;
}

}

constinit entity_type const allotment_type{"allotment", allotment_members, allotment_navigations};
constinit entity_type const assignment_type{"assignment", assignment_members, assignment_navigations};
constinit entity_type const waiting_member_type{"waitingMember", waiting_member_members, {}};
constinit entity_type const directory_object_type{"directoryObject", directory_object_members, {}};

std::variant<selection, query_problem>
parse_query(std::string_view query, entity_type const& type, paging pages) {
    selection out;
    bool selected = false;
    bool expanded = false;
    while (!query.empty()) {
        auto const part = take_option(query);
        auto const equals = std::min(part.find('='), part.size());
        auto const name = percent_decode(part.substr(0, equals));
        auto const value = percent_decode(part.substr(std::min(part.size(), equals + 1)), true);
        if (!name || !value)
            return query_problem{"The query holds an invalid percent-encoding."};
        std::optional<query_problem> problem;
        if (*name == "$select" && !std::exchange(selected, true))
            problem = parse_select(*value, type, out.members);
        else if (*name == "$expand" && !std::exchange(expanded, true))
            problem = parse_expand(*value, type, out);
        else if (*name == "$select" || *name == "$expand")
            problem = query_problem{"The query option '" + *name + "' is given twice."};
        else if (*name == "$skiptoken" && pages == paging::pages)
            problem = parse_skip_token(*value, out);
        else if (*name == "$top" && pages == paging::pages)
            problem = parse_top(*value, out);
        else if (name->starts_with('$'))
            problem = query_problem{"The query option '" + *name + "' is not supported."};
        if (problem)
            return *problem;
    }
    return out;
}

std::string next_query(std::string_view query, std::size_t skip, bool empty) {
    std::string out;
    while (!query.empty()) {
        auto const part = take_option(query);
        auto const name = percent_decode(part.substr(0, part.find('=')));
        if (name != "$skiptoken")
            out.append(part).append("&");
    }
    out += "$skiptoken=" + std::to_string(skip);
    return empty ? out.append(empty_mark) : out;
}

}
