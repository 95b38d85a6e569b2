#pragma once

#include "audit/unit_count.hpp"

#include <allot/assignment_ref.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// What an audit knows of an assignment. Those of which it knows nothing (error rows) are never compared.
enum class known_outcome { ok, none, not_found, not_in_input };

/// "ok", "none", "not_found", "not_in_input".
char const* to_string(known_outcome value) noexcept;

/// An assignment in one of two audits.
struct assignment_side {
    known_outcome outcome = known_outcome::not_in_input;
    std::string_view allotment_id; ///< of `ok`, else empty
    std::string sku;               ///< of `ok`, else empty
};

/// An assignment that is not as it was. Lifetimes: a view of the rows that were compared.
struct assignment_change {
    enum class what {
        added, ///< `ok` or `none` now, before it was `not_found` or `not_in_input`
        gone,  ///< the reverse
        moved, ///< to another allotment, to none, or from none
    };

    what kind = what::moved;
    assignment_scope scope = assignment_scope::admin;
    std::string_view principal_id; ///< empty for admin
    std::string_view assignment_id;
    assignment_side before;
    assignment_side after;
};

/// An allotment whose units are others, or that only one of the audits saw.
struct allotment_change {
    enum class what { changed, appeared, disappeared };

    what kind = what::changed;
    std::string_view id;
    std::string_view sku;
    std::optional<unit_count> before; ///< not set: not seen, or units that `$select` left out
    std::optional<unit_count> after;
};

/// The allotments of one SKU together.
struct sku_units {
    std::uint64_t allotments = 0;
    unit_count units;

    /// Nothing is left.
    bool exhausted() const noexcept { return units.consumed >= units.allotted; }
    friend bool operator==(sku_units const&, sku_units const&) = default;
};

/// A SKU whose units or number of allotments are others.
struct sku_change {
    std::string_view sku;
    std::optional<sku_units> before; ///< not set: not seen
    std::optional<sku_units> after;

    bool became_exhausted() const { return before && after && !before->exhausted() && after->exhausted(); }
    bool became_available() const { return before && after && before->exhausted() && !after->exhausted(); }
};

/// Takes the changes between two audits: of assignments by scope, principal and id, then of allotments by id,
/// then of SKUs by name. Lifetimes: a change and what it points to, for the call.
class change_sink {
public:
    virtual ~change_sink() = default;
    virtual void add(assignment_change const& change) = 0;
    virtual void add(allotment_change const& change) = 0;
    virtual void add(sku_change const& change) = 0;
};

}
