#include "simulator/graph_endpoint.hpp"

#include "simulator/graph_errors.hpp"
#include "simulator/rule_answer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace allot::simulation {

graph_endpoint::graph_endpoint(
    tenant const& from, script const& behaviour, std::string const& graph_url, issued_tokens& tokens,
    fault_rules& faults, std::chrono::steady_clock::time_point start) :
    script_(behaviour),
    router_(from, graph_url, behaviour.shape, behaviour.pages),
    tokens_(tokens),
    faults_(faults),
    metering_(
        behaviour.throttle, behaviour.costs, behaviour.hints,
        "Tenant_Application/ReadWrite/" + from.client_id() + '/' + from.id(), start),
    start_(start) {}

decision graph_endpoint::answer(request const& what, exchange const& of) {
    if (auto refused = refuse_token(what, of)) {
        decision out;
        out.answer = std::move(*refused);
        return out;
    }
    return answer_one(what, of);
}

std::optional<reply> graph_endpoint::refuse_token(request const& what, exchange const& of) {
    auto const& revocations = script_.revoke_tokens_at;
    if (std::binary_search(revocations.begin(), revocations.end(), ++requests_))
        tokens_.revoke(of.at);
    constexpr std::string_view bearer = "Bearer ";
    auto const value = what.find("Authorization").value_or("");
    auto verdict = issued_tokens::verdict::refused;
    if (same_name(value.substr(0, bearer.size()), bearer))
        verdict = tokens_.check(value.substr(bearer.size()), of.at.steady);
    if (verdict == issued_tokens::verdict::good)
        return std::nullopt;
    auto out = graph_error(of, 401);
    if (verdict == issued_tokens::verdict::challenged)
        set_field(out.fields, "WWW-Authenticate", claims_challenge(tokens_.claims()));
    return out;
}

decision graph_endpoint::answer_one(request const& what, exchange const& of) {
    decision out;
    auto paid = metering_.take_get(what.path(), what.query(), of.at);
    if (paid.verdict.refused) {
        out.kind = journal::kind::throttled;
        out.early = paid.verdict.early;
        out.answer = metering_.refusal(of, paid);
        return out;
    }
    out.rule = faults_.match(fault_rules::endpoint::graph, what.path(), of.at.steady - start_);
    auto replaced =
        out.rule ? rule_answer(script_.rules[*out.rule].action, of, false) : std::optional<reply>();
    out.answer = replaced ? std::move(*replaced) : router_.answer(what, of);
    metering_.settle(paid, out.answer);
    out.units = paid.units;
    out.load = paid.verdict.usage;
    return out;
}

}
