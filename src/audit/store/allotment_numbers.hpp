#pragma once

#include <allot/model.hpp>

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace allot {

/// Gives equal allotments the same number, so that each is written once: many assignments share few.
/// Bounded: it forgets, and an allotment then gets another number. Thread safety: shared: unsafe.
class allotment_numbers {
public:
    struct numbered {
        std::uint64_t number; ///< from 1
        bool is_new;
    };

    numbered number_of(allotment const& value);

    /// Says how large the JSON of a new one is.
    void add_size(std::size_t bytes);

private:
    struct known {
        allotment value;
        std::uint64_t number;
    };

    std::unordered_multimap<std::size_t, known> known_; // by a hash of what tells most apart
    std::uint64_t last_ = 0;
    std::size_t bytes_ = 0;
};

}
