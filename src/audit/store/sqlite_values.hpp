#pragma once

#include "audit/store/sqlite_database.hpp"
#include "audit/store/store_error.hpp"

#include <cstdint>
#include <string>

/// Columns of a store's tables as what they mean.
namespace allot {

inline constexpr std::int64_t scopes_in_store = 3;
inline constexpr std::int64_t outcomes_in_store = 7;

/// More than anything that is counted or lasts. With less, sums and units of time stay within 64 bits.
inline constexpr std::int64_t most_in_store = std::int64_t{1} << 53;
/// The end of the year 9999 in milliseconds.
inline constexpr std::int64_t last_moment = 253'402'300'799'999;

/// A store may be damaged, or made by somebody else, where SQLite does not see it.
inline std::int64_t
number_within(sqlite_statement const& row, int column, std::int64_t most, char const* what) {
    auto const value = row.integer(column);
    if (value < 0 || value > most)
        throw store_error(
            "the store " + row.store() + " is damaged: " + std::to_string(value) + " is no " + what +
            "; begin another store");
    return value;
}

inline std::uint64_t count_of(sqlite_statement const& row, int column) {
    return static_cast<std::uint64_t>(number_within(row, column, most_in_store, "count"));
}

/// A duration in its own unit.
template <class Duration>
Duration duration_of(sqlite_statement const& row, int column) {
    return Duration(number_within(row, column, most_in_store, "duration"));
}

/// A value of an enumeration with `size` values, from 0.
template <class E>
E enumerator(sqlite_statement const& row, int column, std::int64_t size) {
    return static_cast<E>(number_within(row, column, size - 1, "scope or outcome"));
}

}
