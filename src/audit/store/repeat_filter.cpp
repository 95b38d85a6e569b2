#include "audit/store/repeat_filter.hpp"

#include <cstddef>
#include <functional>

namespace allot {
namespace {

constexpr std::size_t bits = std::size_t{1} << 26;

std::size_t
bit_of(assignment_scope scope, std::string_view principal_id, std::string_view assignment_id) noexcept {
    auto const hash = std::hash<std::string_view>();
    auto mixed = hash(assignment_id);
    if (scope != assignment_scope::admin)
        mixed = mixed * 31 + hash(principal_id) * 7 + static_cast<std::size_t>(scope);
    return mixed % bits;
}

bool test(std::vector<std::uint64_t> const& set, std::size_t bit) noexcept {
    return (set[bit / 64] >> (bit % 64) & 1) != 0;
}

void mark(std::vector<std::uint64_t>& set, std::size_t bit) noexcept {
    set[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

}

repeat_filter::repeat_filter() : seen_(bits / 64), repeated_(bits / 64) {}

void repeat_filter::add(
    assignment_scope scope, std::string_view principal_id, std::string_view assignment_id) {
    auto const bit = bit_of(scope, principal_id, assignment_id);
    if (test(seen_, bit)) {
        mark(repeated_, bit);
        suspects_any_ = true;
    }
    mark(seen_, bit);
}

bool repeat_filter::suspects(
    assignment_scope scope, std::string_view principal_id, std::string_view assignment_id) const {
    return test(repeated_, bit_of(scope, principal_id, assignment_id));
}

}
