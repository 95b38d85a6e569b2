#include "audit/next_steps.hpp"

#include "audit/columns.hpp"
#include "audit/shell_word.hpp"
#include "audit/text.hpp"

#include <algorithm>
#include <array>

namespace allot {
namespace {

struct advice {
    audit_outcome outcome;
    bool may_change; ///< may end otherwise the next time
    char const* text;
};

constexpr std::array<advice, 4> advices{{
    {audit_outcome::forbidden, true, "error.message names the permission that is missing."},
    {audit_outcome::invalid_input, false, "error.message names the line and the rule that it breaks."},
    {audit_outcome::bad_body, true, "Graph's answers were no allotments; error.message says why."},
    {audit_outcome::failed, true, "error.message and error.reason say why retrying ended."},
}};

bool any_may_change(audit_summary const& summary) {
    return std::ranges::any_of(
        advices, [&](advice const& each) { return each.may_change && summary.count(each.outcome) != 0; });
}

}

std::string next_steps(audit_summary const& summary, std::string_view repeat, std::size_t width) {
    if (summary.error_rows() == 0)
        return {};
    std::string out("\nWhat to do about the error rows:\n");
    for (auto const& each : advices)
        if (summary.count(each.outcome) != 0)
            out += wrapped(std::string(to_string(each.outcome)) + ": " + each.text, width, 2);
    if (!repeat.empty() && any_may_change(summary)) {
        out += wrapped("To ask again, with the same options:", width, 2);
        out += "    " + std::string(repeat) + '\n';
    }
    return out;
}

std::string repeat_of_rows(audit_summary const& summary, std::string_view rows) {
    std::string outcomes;
    for (auto const& each : advices)
        if (each.may_change && summary.count(each.outcome) != 0)
            outcomes += (outcomes.empty() ? "" : "|") + std::string(to_string(each.outcome));
    auto const file = shell_word(rows);
    if (outcomes.empty() || file.empty())
        return {};
    return "grep -E '\"outcome\":\"(" + outcomes + ")\"' " + file + " | allot audit - -o again.ndjson";
}

std::string repeat_of_store(std::string_view store) {
    auto const file = shell_word(store);
    return file.empty() ? std::string() : "allot audit --store " + file + " --retry-failed";
}

}
