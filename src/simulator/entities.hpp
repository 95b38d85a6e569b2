#pragma once

#include "simulator/odata.hpp"
#include "simulator/tenant.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace allot::simulation {

/// The two answers for a single entity that Graph's documents and metadata disagree about.
enum class answer_shape {
    value, ///< {"value": {...}}, as the pages show it
    bare,  ///< {"@odata.context": ..., ...}, as the metadata implies it
};

/// The most entities in one expansion, and in a page where nothing else is asked for; more come behind a next
/// link. Graph documents no number.
constexpr std::size_t page_size = 100;

/// What pages of a list look like.
struct page_params {
    std::size_t size = page_size; ///< where the request has no `$top`
    bool empty = false;           ///< an empty page follows each page, also the last
    bool link_last = false;       ///< the next link stands behind the entities, not before them
};

/// One page of a list, as `entity_writer` needs it.
struct page_content {
    std::string context;   ///< what "@odata.context" has behind "$metadata#"
    std::string next_link; ///< empty for the last page
    std::vector<std::uint32_t> assignments;
};

/// Writes entities of one tenant as JSON.
/// Lifetimes: the tenant outlives it. Thread safety: safe, never changes.
class entity_writer {
public:
    /// `root` is the URL of the API version: "https://host/beta".
    entity_writer(tenant const& from, std::string root) : tenant_(from), root_(std::move(root)) {}

    std::string allotment_answer(std::uint32_t allotment, selection const& what, answer_shape shape) const;
    std::string assignment_answer(std::uint32_t assignment, selection const& what, answer_shape shape) const;
    std::string assignments_page(page_content const& page, selection const& what, bool link_last) const;

private:
    tenant const& tenant_;
    std::string root_;
};

}
