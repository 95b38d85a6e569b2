#include "audit/store/allotment_numbers.hpp"

#include <boost/container_hash/hash.hpp>

namespace allot {
namespace {

constexpr std::size_t most_known = 4'096;
constexpr std::size_t most_bytes_known = 16 * 1024 * 1024;

std::size_t rough_hash(allotment const& value) {
    std::size_t seed = 0;
    boost::hash_combine(seed, value.id.value_or(std::string()));
    boost::hash_combine(seed, value.sku_part_number.value_or(std::string()));
    boost::hash_combine(seed, value.allotted_units.value_or(-1));
    boost::hash_combine(seed, value.consumed_units.value_or(-1));
    return seed;
}

}

allotment_numbers::numbered allotment_numbers::number_of(allotment const& value) {
    auto const hash = rough_hash(value);
    auto const [first, last] = known_.equal_range(hash);
    for (auto at = first; at != last; ++at)
        if (at->second.value == value)
            return {at->second.number, false};
    if (known_.size() == most_known || bytes_ > most_bytes_known) {
        known_.clear();
        bytes_ = 0;
    }
    known_.emplace(hash, known{value, ++last_});
    return {last_, true};
}

void allotment_numbers::add_size(std::size_t bytes) {
    bytes_ += bytes;
}

}
