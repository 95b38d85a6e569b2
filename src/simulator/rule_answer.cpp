#include "simulator/rule_answer.hpp"

#include "simulator/graph_errors.hpp"
#include "simulator/token_endpoint.hpp"

#include <memory>
#include <string>
#include <utility>

namespace allot::simulation {

std::optional<reply> rule_answer(rule_action const& action, exchange const& of, bool token) {
    if (action.raw)
        return reply{};
    if (!action.status && !action.body)
        return std::nullopt;
    auto const status = action.status.value_or(200);
    auto out = token ? entra_error(of, status) : graph_error(of, status);
    if (action.body)
        out.body = std::make_shared<std::string const>(*action.body);
    else if (status < 400)
        out.body = nullptr;
    if (!out.body)
        remove_field(out.fields, "Content-Type");
    return out;
}

void change_fields(reply& answer, rule_action const& action, instant now) {
    if (action.retry_after)
        set_retry_after(answer.fields, action.retry_after->rest, action.retry_after->form, now);
    for (auto const& change : action.fields) {
        remove_field(answer.fields, change.name);
        for (auto const& value : change.values)
            answer.fields.push_back({change.name, value});
    }
}

}
