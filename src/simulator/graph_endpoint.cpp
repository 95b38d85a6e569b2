#include "simulator/graph_endpoint.hpp"

#include "simulator/graph_errors.hpp"
#include "simulator/rule_answer.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>

namespace allot::simulation {

graph_endpoint::graph_endpoint(
    tenant const& from, script const& behaviour, std::string const& graph_url, issued_tokens& tokens,
    fault_rules& faults, std::uint64_t seed, std::chrono::steady_clock::time_point start) :
    script_(behaviour),
    router_(from, graph_url, behaviour.shape, behaviour.pages),
    tokens_(tokens),
    faults_(faults),
    metering_(
        behaviour.throttle, behaviour.costs, behaviour.hints,
        "Tenant_Application/ReadWrite/" + from.client_id() + '/' + from.id(), start),
    draws_(seed ^ 0x4261'7463'686f'7264),
    start_(start) {}

decision graph_endpoint::answer(request const& what, exchange const& of) {
    if (auto refused = refuse_token(what, of)) {
        decision out;
        out.answer = std::move(*refused);
        return out;
    }
    return is_batch_path(what.path()) ? answer_batch(what, of)
                                      : answer_one(what, of, fault_rules::endpoint::graph);
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

decision graph_endpoint::answer_one(request const& what, exchange const& of, fault_rules::endpoint kind) {
    decision out;
    auto paid = metering_.take_get(what.path(), what.query(), of.at);
    if (paid.verdict.refused) {
        out.kind = journal::kind::throttled;
        out.early = paid.verdict.early;
        out.answer = metering_.refusal(of, paid);
        return out;
    }
    out.rule = faults_.match(kind, what.path(), of.at.steady - start_);
    auto replaced = rule_answer(action_of(out), of, false);
    out.answer = replaced ? std::move(*replaced) : router_.answer(what, of);
    metering_.settle(paid, out.answer);
    out.units = paid.units;
    out.load = paid.verdict.usage;
    return out;
}

decision graph_endpoint::answer_batch(request const& envelope, exchange const& of) {
    decision out;
    auto paid = metering_.take_batch(of.at);
    if (paid.verdict.refused) {
        out.kind = journal::kind::throttled;
        out.early = paid.verdict.early;
        out.answer = metering_.refusal(of, paid);
        return out;
    }
    out.rule = faults_.match(fault_rules::endpoint::graph, envelope.path(), of.at.steady - start_);
    out.load = paid.verdict.usage;
    if (auto replaced = rule_answer(action_of(out), of, false))
        out.answer = std::move(*replaced);
    else
        answer_items(envelope, of, out);
    metering_.settle(paid, out.answer);
    out.units += paid.units;
    return out;
}

void graph_endpoint::answer_items(request const& envelope, exchange const& of, decision& out) {
    if (envelope.method != "POST") {
        out.answer = graph_error(of, 405);
        out.answer.fields.push_back({"Allow", "POST"});
        return;
    }
    auto const parsed = parse_batch(envelope);
    if (auto const* const problem = std::get_if<batch_problem>(&parsed)) {
        out.answer = graph_error(of, 400, "BadRequest", problem->message);
        return;
    }
    auto const& items = std::get<std::vector<batch_item>>(parsed);
    std::vector<bool> failed(items.size());
    std::vector<batch_part> parts;
    out.items.resize(items.size());
    auto const evaluate = [&](std::size_t at) {
        auto const& item = items[at];
        auto made = answer_item(item, of, failed);
        failed[at] = made.answer.status >= 400;
        out.items[at] = {
            item.id,   item.what.target, made.answer.status, made.rule, made.kind == journal::kind::throttled,
            made.early};
        out.early = out.early || made.early;
        out.units += made.units;
        out.load = std::max(out.load, made.load);
        out.delay = std::max(out.delay, action_of(made).delay);
        add_part(parts, item.id, made);
    };
    // What others wait for comes first, wherever it stands.
    for (bool const dependent : {false, true})
        for (std::size_t at = 0; at != items.size(); ++at)
            if (items[at].depends_on.empty() != dependent)
                evaluate(at);
    shuffle(parts);
    out.answer = {200, graph_fields(of), std::make_shared<std::string const>(batch_body(parts)), false};
    set_field(out.answer.fields, "Content-Type", "application/json");
}

decision graph_endpoint::answer_item(
    batch_item const& item, exchange const& envelope, std::vector<bool> const& failed) {
    exchange of{draws_.guid(), envelope.client_request_id, envelope.at};
    if (auto const own = item.what.find("client-request-id"))
        of.client_request_id = *own;
    if (std::any_of(item.depends_on.begin(), item.depends_on.end(), [&](auto at) { return failed[at]; })) {
        decision out;
        out.answer = graph_error(of, 424);
        remove_field(out.answer.fields, "x-ms-resource-unit");
        return out;
    }
    auto out = answer_one(item.what, of, fault_rules::endpoint::item);
    change_fields(out.answer, action_of(out), of.at);
    return out;
}

void graph_endpoint::add_part(std::vector<batch_part>& parts, std::string const& id, decision const& made) {
    auto const times = action_of(made).item;
    bool const lower_case = draws_.chance(0.5);
    if (times == item_answer::missing)
        return;
    auto const shown = times == item_answer::unknown_id ? "unknown-" + id : id;
    parts.push_back({shown, made.answer, lower_case, !made.rule});
    if (times == item_answer::doubled)
        parts.push_back(parts.back());
}

void graph_endpoint::shuffle(std::vector<batch_part>& parts) {
    // std::shuffle differs between libraries.
    for (auto left = parts.size(); left > 1; --left)
        std::swap(parts[left - 1], parts[static_cast<std::size_t>(draws_.below(left))]);
}

rule_action const& graph_endpoint::action_of(decision const& made) const {
    static rule_action const none;
    return made.rule ? script_.rules[*made.rule].action : none;
}

}
