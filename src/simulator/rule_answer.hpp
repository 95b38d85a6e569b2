#pragma once

#include "simulator/message.hpp"
#include "simulator/script.hpp"

#include <optional>

namespace allot::simulation {

/// The answer a rule gives itself, or nothing when it leaves the content to the endpoint. `token`: Entra's
/// errors instead of Graph's.
std::optional<reply> rule_answer(rule_action const& action, exchange const& of, bool token);

/// Sets the fields of an answer as a rule says.
void change_fields(reply& answer, rule_action const& action, instant now);

}
