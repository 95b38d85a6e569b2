#include "simulator/service.hpp"

#include "simulator/graph_errors.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace allot::simulation {
namespace {

std::shared_ptr<std::string const> shared(std::string text) {
    return std::make_shared<std::string const>(std::move(text));
}

bool asks_to_close(reply const& of) {
    return std::any_of(of.fields.begin(), of.fields.end(), [](field const& each) {
        return same_name(each.name, "Connection") && same_name(each.value, "close");
    });
}

std::string outcome_of(transmission const& sent, std::uint64_t whole, bool raw) {
    using ending = transmission::ending;
    if (sent.end == ending::reset)
        return "reset";
    if (sent.end == ending::half_close)
        return "half_closed";
    if (sent.end == ending::close && !sent.close_notify)
        return "truncated";
    if (sent.bytes.size() < whole)
        return "closed";
    return raw ? "raw" : "";
}

}

service::service(
    tenant const& from, script const& behaviour, std::string const& graph_url, token_endpoint_params tokens,
    std::uint64_t seed, std::chrono::steady_clock::time_point start, journal& notes) :
    script_(behaviour),
    router_(from, graph_url, behaviour.shape, behaviour.pages),
    tokens_(std::move(tokens)),
    throttle_scope_("Tenant_Application/ReadWrite/" + from.client_id() + '/' + from.id()),
    faults_(behaviour.rules, seed),
    start_(start),
    ids_(~seed),
    journal_(notes) {
    if (behaviour.throttle)
        throttle_.emplace(*behaviour.throttle);
}

transmission service::answer(request const& what, std::uint64_t connection, instant now) {
    exchange of{std::string(uuid_text(ids_)), {}, now};
    of.client_request_id = what.find("client-request-id").value_or(of.request_id);
    auto made = token_endpoint::owns(what.path()) ? decide_token(what, of) : decide_graph(what, of);
    journal_entry entry;
    entry.time = std::chrono::duration_cast<std::chrono::microseconds>(now.steady - start_);
    entry.connection = connection;
    auto out = transmit(what, made, now, entry);
    note(what, made, std::move(entry));
    return out;
}

transmission service::refuse_malformed(instant now) {
    exchange of{std::string(uuid_text(ids_)), {}, now};
    of.client_request_id = of.request_id;
    auto const answer = graph_error(of, 400, "BadRequest", "The bytes are not an HTTP/1.1 request.");
    transmission out;
    append_answer(out.bytes, answer, now, false, false);
    out.end = transmission::ending::close;
    return out;
}

service::decision service::decide_token(request const& what, exchange const& of) {
    decision out;
    out.kind = journal::kind::token;
    out.rule = find_rule(fault_rules::endpoint::token, what, of.at);
    auto replaced = replacement(out.rule, of, out.kind);
    out.answer = replaced ? std::move(*replaced) : tokens_.answer(what, of);
    return out;
}

service::decision service::decide_graph(request const& what, exchange const& of) {
    decision out;
    if (auto refused = refuse_token(what, of)) {
        out.answer = std::move(*refused);
        return out;
    }
    if (throttle_) {
        auto const verdict = throttle_->arrive(of.at.steady);
        if (verdict.refused) {
            out.kind = journal::kind::throttled;
            out.early = verdict.early;
            out.answer = throttled(of, verdict.retry_after);
            return out;
        }
    }
    out.rule = find_rule(fault_rules::endpoint::graph, what, of.at);
    auto replaced = replacement(out.rule, of, out.kind);
    out.answer = replaced ? std::move(*replaced) : router_.answer(what, of);
    return out;
}

std::optional<reply> service::refuse_token(request const& what, exchange const& of) {
    auto const& revocations = script_.revoke_tokens_at;
    if (std::binary_search(revocations.begin(), revocations.end(), ++graph_requests_))
        tokens_.tokens().revoke(of.at);
    constexpr std::string_view bearer = "Bearer ";
    auto const value = what.find("Authorization").value_or("");
    auto verdict = issued_tokens::verdict::refused;
    if (same_name(value.substr(0, bearer.size()), bearer))
        verdict = tokens_.tokens().check(value.substr(bearer.size()), of.at.steady);
    if (verdict == issued_tokens::verdict::good)
        return std::nullopt;
    auto out = graph_error(of, 401);
    if (verdict == issued_tokens::verdict::challenged)
        set_field(out.fields, "WWW-Authenticate", claims_challenge(tokens_.tokens().claims()));
    return out;
}

reply service::throttled(exchange const& of, std::chrono::seconds retry_after) const {
    auto out = graph_error(of, 429);
    out.fields.push_back({"Retry-After", std::to_string(retry_after.count())});
    out.fields.push_back({"x-ms-throttle-scope", throttle_scope_});
    out.fields.push_back({"x-ms-throttle-information", "ResourceUnitLimitExceeded"});
    return out;
}

std::optional<std::size_t> service::find_rule(fault_rules::endpoint of, request const& what, instant now) {
    return script_.rules.empty() ? std::nullopt : faults_.match(of, what.path(), now.steady - start_);
}

std::optional<reply>
service::replacement(std::optional<std::size_t> rule, exchange const& of, journal::kind kind) const {
    if (!rule)
        return std::nullopt;
    auto const& action = script_.rules[*rule].action;
    if (action.raw)
        return reply{};
    if (!action.status && !action.body)
        return std::nullopt;
    auto const status = action.status.value_or(200);
    auto const token = kind == journal::kind::token;
    auto out = token ? entra_error(of, status) : graph_error(of, status);
    if (action.body)
        out.body = shared(*action.body);
    else if (status < 400)
        out.body = nullptr;
    if (!out.body)
        remove_field(out.fields, "Content-Type");
    return out;
}

encoding service::coding_of(request const& what, decision const& made) const {
    auto const asked_for = made.rule ? script_.rules[*made.rule].action.content : encoding::none;
    if (asked_for != encoding::none)
        return asked_for;
    bool const compresses =
        script_.gzip == compressed::all || (script_.gzip == compressed::pages && made.answer.list);
    bool const of_graph = made.kind != journal::kind::token;
    return compresses && of_graph && accepts_gzip(what) ? encoding::gzip : encoding::none;
}

transmission service::transmit(request const& what, decision& made, instant now, journal_entry& entry) const {
    using ending = transmission::ending;
    transmission out;
    static rule_action const none;
    auto const& action = made.rule ? script_.rules[*made.rule].action : none;
    auto& answer = made.answer;
    encode(answer, coding_of(what, made));
    for (auto const& change : action.fields) {
        remove_field(answer.fields, change.name);
        for (auto const& value : change.values)
            answer.fields.push_back({change.name, value});
    }
    bool const last = !what.keep_alive || asks_to_close(answer) || action.close_after_bytes || action.reset ||
                      action.half_close || action.truncate_close_notify;
    if (action.raw)
        out.bytes = *action.raw;
    else
        append_answer(out.bytes, answer, now, what.keep_alive, what.method == "HEAD");
    auto const whole = out.bytes.size();
    auto const most = action.close_after_bytes.value_or(action.reset ? 0 : whole);
    out.bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(most, whole)));
    out.delay = action.delay;
    out.bytes_per_second = action.bytes_per_second;
    out.close_notify = !action.truncate_close_notify && !action.reset;
    out.end = action.reset        ? ending::reset
              : action.half_close ? ending::half_close
              : last              ? ending::close
                                  : ending::keep_alive;
    entry.status = action.raw || out.bytes.empty() ? 0 : answer.status;
    entry.outcome = outcome_of(out, whole, action.raw.has_value());
    return out;
}

void service::note(request const& what, decision const& made, journal_entry entry) {
    entry.rule = made.rule;
    entry.early = made.early;
    if (journal_.detailed()) {
        entry.method = what.method;
        entry.target = what.target;
        entry.fields = what.fields;
        for (auto& each : entry.fields)
            if (same_name(each.name, "Authorization") || same_name(each.name, "Proxy-Authorization"))
                each.value = redacted_authorization(each.value);
    }
    journal_.add(std::move(entry), made.kind);
}

}
