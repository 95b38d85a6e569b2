#pragma once

#include <allot/model.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace allot {

/// An allotment as it is stored and as it is used.
struct stored_allotment {
    std::string json;
    allotment value;
};

/// The allotments read last, decoded: many rows share few. Bounded. Thread safety: shared: unsafe.
class allotment_texts {
public:
    /// Nothing when it is not at hand. Lifetimes: until the next `keep`.
    stored_allotment const* find(std::int64_t key) const;

    /// Preconditions: `json` came from `append_json`. Errors: `store_error` when it is no allotment.
    /// Lifetimes: until the next `keep`.
    stored_allotment const& keep(std::int64_t key, std::string_view json);

private:
    std::unordered_map<std::int64_t, stored_allotment> kept_;
    std::size_t bytes_ = 0;
};

}
