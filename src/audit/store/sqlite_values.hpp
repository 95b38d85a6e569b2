#pragma once

#include "audit/store/sqlite_database.hpp"
#include "audit/store/store_error.hpp"

#include <cstdint>
#include <string>

/// Columns of a store's tables as what they mean.
namespace allot {

inline constexpr std::int64_t scopes_in_store = 3;
inline constexpr std::int64_t outcomes_in_store = 7;

inline std::uint64_t count_of(sqlite_statement const& row, int column) {
    return static_cast<std::uint64_t>(row.integer(column));
}

/// A value of an enumeration with `size` values, from 0. A store may be damaged where SQLite does not see it.
template <class E>
E enumerator(sqlite_statement const& row, int column, std::int64_t size) {
    auto const value = row.integer(column);
    if (value < 0 || value >= size)
        throw store_error(
            "the store " + row.store() + " is damaged: " + std::to_string(value) + " is no scope or outcome");
    return static_cast<E>(value);
}

}
