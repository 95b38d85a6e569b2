#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// The OData query options of a request for an allotment or a list of assignments. Without any, Graph sends
/// every member and expands nothing. With them goes the trace that the requests belong to.
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

    /// Sends the caller's W3C trace context with every attempt, so that whoever records requests on their way
    /// can tell whose they are: a `traceparent` of https://www.w3.org/TR/trace-context-1/, such as
    /// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01". It goes out as it is, without a span for
    /// each request; one of a later version goes out as version 00. Empty for none.
    query& traceparent(std::string_view value) &;
    query&& traceparent(std::string_view value) &&;

    std::vector<std::string> const& selected() const noexcept { return select_; }
    std::vector<std::string> const& expanded() const noexcept { return expand_; }
    std::string const& traceparent() const noexcept { return traceparent_; }

    /// What rule an option breaks, as a sentence for people, or nothing when the query can be sent.
    std::optional<std::string> problem() const;

    friend bool operator==(query const&, query const&) = default;

private:
    std::vector<std::string> select_;
    std::vector<std::string> expand_;
    std::string traceparent_;
};

}
