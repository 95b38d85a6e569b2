#pragma once

#include "simulator/odata.hpp"
#include "simulator/tenant.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace allot::simulation {

/// The two answers for a single entity that Graph's documents and metadata disagree about.
enum class answer_shape {
    value, ///< {"value": {...}}, as the pages show it
    bare,  ///< {"@odata.context": ..., ...}, as the metadata implies it
};

/// The most entities in one expansion or page; more come behind a next link.
constexpr std::size_t page_size = 100;

/// Writes entities of one tenant as JSON.
/// Lifetimes: the tenant outlives it. Thread safety: safe, never changes.
class entity_writer {
public:
    /// `root` is the URL of the API version: "https://host/beta".
    entity_writer(tenant const& from, std::string root) : tenant_(from), root_(std::move(root)) {}

    std::string allotment_answer(std::uint32_t allotment, selection const& what, answer_shape shape) const;
    std::string assignment_answer(std::uint32_t assignment, selection const& what, answer_shape shape) const;
    /// One page of the assignments that draw from an allotment.
    std::string assignments_page(std::uint32_t allotment, selection const& what) const;

private:
    tenant const& tenant_;
    std::string root_;
};

}
