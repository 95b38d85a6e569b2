#pragma once

#include <allot/assignment_ref.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace allot {

/// Says of references which may stand in an input more than once. Fixed memory (16 MiB) however long the
/// input is: it may suspect a reference that does not, in a million of different ones less than one in fifty.
/// Thread safety: distinct objects: safe; shared: unsafe.
class repeat_filter {
public:
    repeat_filter();

    /// The first pass, over all references.
    void add(assignment_scope scope, std::string_view principal_id, std::string_view assignment_id);

    /// Whether anything may be repeated at all.
    bool suspects_any() const noexcept { return suspects_any_; }

    /// The second pass.
    bool
    suspects(assignment_scope scope, std::string_view principal_id, std::string_view assignment_id) const;

private:
    std::vector<std::uint64_t> seen_;
    std::vector<std::uint64_t> repeated_;
    bool suspects_any_ = false;
};

}
