#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// The OData query options of a request for an allotment or a list of assignments. Without any, Graph sends
/// every member and expands nothing.
/// Thread safety: distinct objects: safe; shared: safe for reading.
class query {
public:
    query() = default;

    /// Adds a member to `$select`, by Graph's name ("skuPartNumber").
    query& select(std::string_view member) &;
    query&& select(std::string_view member) &&;

    /// Adds a navigation to `$expand`: "assignments" or "waitingMembers" of an allotment, "allotment" or
    /// "assignedTo" of an assignment, with nested options if wanted ("assignments($select=id)").
    query& expand(std::string_view navigation) &;
    query&& expand(std::string_view navigation) &&;

    std::vector<std::string> const& selected() const noexcept { return select_; }
    std::vector<std::string> const& expanded() const noexcept { return expand_; }

    /// What rule an option breaks, as a sentence for people, or nothing when the query can be sent.
    std::optional<std::string> problem() const;

    friend bool operator==(query const&, query const&) = default;

private:
    std::vector<std::string> select_;
    std::vector<std::string> expand_;
};

}
