#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace allot {

/// What an entry of an input says about its assignment, before it is checked. `scope` and `principal_id` are
/// how rows of an audit name it, so that rows are an input again.
struct reference_fields {
    std::optional<std::string> assignment_id;
    std::optional<std::string> user_id;
    std::optional<std::string> group_id;
    std::optional<std::string> scope;
    std::optional<std::string> principal_id;
};

/// Reads `{"assignmentId": ..., "userId"?: ..., "groupId"?: ...}`, or the `scope` and `principalId` of a row.
/// Other members are ignored, null counts as absent. Otherwise says, as a sentence, what is wrong.
std::variant<reference_fields, std::string> decode_reference(std::string_view line);

}
