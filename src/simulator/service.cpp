#include "simulator/service.hpp"

#include "simulator/graph_errors.hpp"
#include "simulator/rule_answer.hpp"
#include "simulator/stats_answer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace allot::simulation {
namespace {

/// A draw for an id would change the ids of all that follows.
constexpr std::string_view uuid_of_none = "00000000-0000-0000-0000-000000000000";

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
    tokens_(std::move(tokens)),
    documents_(tokens_.params().tenant, tokens_.params().domain, tokens_.params().resources),
    faults_(behaviour.rules, seed),
    graph_(from, behaviour, graph_url, tokens_.tokens(), faults_, seed, start),
    latency_(behaviour.answers_after, seed ^ 0x4c61'7465'6e63'7921),
    start_(start),
    ids_(~seed),
    journal_(notes) {}

transmission service::answer(request const& what, std::uint64_t connection, instant now) {
    auto const path = what.path();
    if (path == stats_path)
        return transmit_stats(what, now);
    exchange of{std::string(uuid_text(ids_)), {}, now};
    of.client_request_id = what.find("client-request-id").value_or(of.request_id);
    auto const kind = token_endpoint::owns(path)     ? journal::kind::token
                      : openid_documents::owns(path) ? journal::kind::discovery
                                                     : journal::kind::graph;
    auto made = kind == journal::kind::graph ? graph_.answer(what, of) : answer_authority(what, of, kind);
    journal_entry entry;
    entry.time = since_start(now);
    entry.connection = connection;
    auto out = transmit(what, made, now, entry);
    note(what, made, std::move(entry));
    return out;
}

transmission service::transmit_stats(request const& what, instant now) const {
    exchange const unnamed{std::string(uuid_of_none), std::string(uuid_of_none), now};
    auto const answer = stats_answer(what, unnamed, journal_.stats(), since_start(now));
    transmission out;
    append_answer(out.bytes, answer, now, what.keep_alive, what.method == "HEAD");
    out.end = what.keep_alive ? transmission::ending::keep_alive : transmission::ending::close;
    return out;
}

std::chrono::microseconds service::since_start(instant now) const {
    return std::chrono::duration_cast<std::chrono::microseconds>(now.steady - start_);
}

transmission service::refuse_malformed(instant now) {
    journal_.add_malformed();
    exchange of{std::string(uuid_text(ids_)), {}, now};
    of.client_request_id = of.request_id;
    auto const answer = graph_error(of, 400, "BadRequest", "The bytes are not an HTTP/1.1 request.");
    transmission out;
    append_answer(out.bytes, answer, now, false, false);
    out.end = transmission::ending::close;
    return out;
}

decision service::answer_authority(request const& what, exchange const& of, journal::kind kind) {
    decision out;
    out.kind = kind;
    out.rule = faults_.match(fault_rules::endpoint::token, what.path(), of.at.steady - start_);
    auto replaced =
        out.rule ? rule_answer(script_.rules[*out.rule].action, of, true) : std::optional<reply>();
    if (replaced)
        out.answer = std::move(*replaced);
    else
        out.answer = kind == journal::kind::token ? tokens_.answer(what, of) : documents_.answer(what, of);
    return out;
}

encoding service::coding_of(request const& what, decision const& made) const {
    auto const asked_for = made.rule ? script_.rules[*made.rule].action.content : encoding::none;
    if (asked_for != encoding::none)
        return asked_for;
    bool const compresses =
        script_.gzip == compressed::all || (script_.gzip == compressed::pages && made.answer.list);
    bool const of_graph = made.kind == journal::kind::graph || made.kind == journal::kind::throttled;
    return compresses && of_graph && accepts_gzip(what) ? encoding::gzip : encoding::none;
}

transmission service::transmit(request const& what, decision& made, instant now, journal_entry& entry) {
    using ending = transmission::ending;
    transmission out;
    static rule_action const none;
    auto const& action = made.rule ? script_.rules[*made.rule].action : none;
    auto& answer = made.answer;
    encode(answer, coding_of(what, made));
    change_fields(answer, action, now);
    bool const last = !what.keep_alive || asks_to_close(answer) || action.close_after_bytes || action.reset ||
                      action.half_close || action.truncate_close_notify;
    if (action.raw)
        out.bytes = *action.raw;
    else
        append_answer(out.bytes, answer, now, what.keep_alive, what.method == "HEAD");
    auto const whole = out.bytes.size();
    auto const most = action.close_after_bytes.value_or(action.reset ? 0 : whole);
    out.bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(most, whole)));
    out.delay = action.delay + made.delay + latency_.next(made.load);
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

void service::note(request const& what, decision& made, journal_entry entry) {
    entry.rule = made.rule;
    entry.early = made.early;
    entry.units = made.units;
    entry.items = std::move(made.items);
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
