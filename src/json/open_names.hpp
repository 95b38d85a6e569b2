#pragma once

#include "json/naming.hpp"

#include <allot/model.hpp>

#include <boost/describe/enumerators.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace allot {

/// Each unknown name is looked for among those before: of many, a list of a megabyte would keep a thread for
/// minutes.
inline constexpr std::size_t most_unknown_names = 64;

template <class E>
void add_name(std::string_view name, open_set<E>& out) {
    if (name == "none")
        return;
    auto const add_if = [&]<class D>(D) {
        if (name != wire_name<D>)
            return false;
        out.bits |= static_cast<std::uint8_t>(D::value);
        return true;
    };
    auto const is_known = [&]<template <class...> class List, class... D>(List<D...>) {
        return (add_if(D()) || ...);
    };
    if (!is_known(boost::describe::describe_enumerators<E>()) &&
        std::ranges::find(out.unknown, name) == out.unknown.end())
        out.unknown.emplace_back(name);
}

/// Reads a list of enumerators such as "user,group" into `out`, which is empty. Returns what was expected
/// instead, or null when the list is good.
template <class E>
char const* read_names(std::string_view text, open_set<E>& out) {
    constexpr std::string_view blanks = " \t";
    for (bool more = true; more;) {
        auto const comma = text.find(',');
        auto name = text.substr(0, comma);
        name.remove_prefix(std::min(name.find_first_not_of(blanks), name.size()));
        name = name.substr(0, name.find_last_not_of(blanks) + 1);
        if (name.empty())
            return "a list of names";
        add_name(name, out);
        if (out.unknown.size() > most_unknown_names)
            return "a list of at most 64 names that are not documented";
        more = comma != text.npos;
        text.remove_prefix(more ? comma + 1 : 0);
    }
    return nullptr;
}

}
