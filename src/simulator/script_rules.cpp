#include "simulator/script_rules.hpp"

#include "simulator/files.hpp"
#include "simulator/script_codings.hpp"
#include "simulator/script_throttle.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace allot::simulation {
namespace {

constexpr std::uint64_t most_count = 1'000'000'000'000;

rule_match read_match(script_node const& from) {
    constexpr std::string_view known[] = {"path", "nth", "every", "probability", "after_s", "for_s", "item"};
    from.expect_members(known);
    rule_match out;
    from.member("path", [&](script_node const& node) {
        auto const expression = node.text();
        try {
            out.path.emplace(expression);
        } catch (std::invalid_argument const& error) {
            node.reject(
                "expected a regular expression (ECMAScript), found " + shown(node.value()) + ": " +
                error.what());
        }
    });
    from.member("nth", [&](script_node const& node) { out.nth = read_counts(node); });
    from.member("every", [&](script_node const& node) { out.every = node.whole(1, most_count); });
    from.member("probability", [&](script_node const& node) { out.probability = node.number(0, 1); });
    from.member("after_s", [&](script_node const& node) { out.after = node.seconds(); });
    from.member("for_s", [&](script_node const& node) { out.length = node.seconds(); });
    from.member("item", [&](script_node const& node) { out.item = node.boolean(); });
    return out;
}

/// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) {
    constexpr std::string_view allowed = "!#$%&'*+-.^_`|~0123456789"
                                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

std::string read_field_value(script_node const& from) {
    auto const& value = from.value();
    if (value.is_number())
        return boost::json::serialize(value);
    if (!value.is_string())
        from.fail("a text, a number, a list of them or null");
    auto out = from.text();
    using namespace std::string_view_literals;
    if (out.find_first_of("\r\n\0"sv) != std::string::npos)
        from.fail("a text without CR, LF and NUL (\"raw\" sends any bytes)");
    return out;
}

std::vector<field_change> read_fields(script_node const& from) {
    if (!from.value().is_object())
        from.fail("an object");
    std::vector<field_change> out;
    for (auto const& each : from.value().as_object()) {
        std::string const name(each.key());
        if (!is_token(name))
            from.reject(shown(boost::json::value(name)) + " is not a field name (RFC 9110 section 5.1)");
        from.member(name, [&](script_node const& node) {
            field_change added{name, {}};
            if (node.value().is_array()) {
                for (auto const& one : node.elements())
                    added.values.push_back(read_field_value(one));
            } else if (!node.value().is_null()) {
                added.values.push_back(read_field_value(node));
            }
            out.push_back(std::move(added));
        });
    }
    return out;
}

std::string read_body(script_node const& from) {
    auto const& value = from.value();
    if (value.is_object() || value.is_array())
        return boost::json::serialize(value);
    if (!value.is_string())
        from.fail("a text, or an object or list to send as JSON");
    return from.text();
}

retry_after_hint read_hint(script_node const& from) {
    if (from.value().is_number())
        return {from.seconds(), retry_after_form::seconds};
    constexpr std::string_view known[] = {"seconds", "form"};
    from.expect_members(known);
    retry_after_hint out;
    from.member("seconds", [&](script_node const& node) { out.rest = node.seconds(); });
    from.member("form", [&](script_node const& node) { out.form = read_retry_after_form(node); });
    return out;
}

item_answer read_item_answer(script_node const& from) {
    auto const name = from.text();
    if (name == "missing")
        return item_answer::missing;
    if (name == "doubled")
        return item_answer::doubled;
    if (name != "unknown_id")
        from.fail("\"missing\", \"doubled\" or \"unknown_id\"");
    return item_answer::unknown_id;
}

void check(rule_action const& action, script_node const& from) {
    bool const in_parts = action.status || action.body || !action.fields.empty() || action.retry_after ||
                          action.content != encoding::none;
    if (action.raw && in_parts)
        from.reject(
            "\"raw\" stands for the whole answer: leave out status, headers, retry_after, body and encode");
    if (action.reset && (action.half_close || action.truncate_close_notify))
        from.reject("\"reset\" already ends the connection: leave out half_close and truncate_close_notify");
    if (action.item != item_answer::once && action.is_of_connection())
        from.reject("\"item_answer\" is about an item of a batch: leave out what needs a connection");
}

rule_action read_action(script_node const& from, std::string const& folder) {
    constexpr std::string_view known[] = {
        "status",   "headers",          "retry_after",       "body",  "body_file",  "encode",
        "delay_ms", "drip_bytes_per_s", "close_after_bytes", "reset", "half_close", "truncate_close_notify",
        "raw",      "item_answer"};
    from.expect_members(known);
    if (from.value().as_object().empty())
        from.fail("at least one action");
    rule_action out;
    from.member(
        "status", [&](auto const& node) { out.status = static_cast<unsigned>(node.whole(200, 599)); });
    from.member("headers", [&](auto const& node) { out.fields = read_fields(node); });
    from.member("body", [&](auto const& node) { out.body = read_body(node); });
    from.member("body_file", [&](auto const& node) {
        if (out.body)
            node.reject("give either body or body_file");
        try {
            out.body = read_file((std::filesystem::path(folder) / node.text()).string());
        } catch (std::runtime_error const& error) {
            node.reject(error.what());
        }
    });
    from.member("encode", [&](auto const& node) { out.content = read_encoding(node); });
    from.member("delay_ms", [&](auto const& node) {
        out.delay = std::chrono::duration_cast<std::chrono::microseconds>(node.milliseconds());
    });
    from.member("drip_bytes_per_s", [&](auto const& node) { out.bytes_per_second = node.number(0.01, 1e9); });
    from.member(
        "close_after_bytes", [&](auto const& node) { out.close_after_bytes = node.whole(0, most_count); });
    from.member("reset", [&](auto const& node) { out.reset = node.boolean(); });
    from.member("half_close", [&](auto const& node) { out.half_close = node.boolean(); });
    from.member(
        "truncate_close_notify", [&](auto const& node) { out.truncate_close_notify = node.boolean(); });
    from.member("raw", [&](auto const& node) { out.raw = read_raw(node); });
    from.member("retry_after", [&](auto const& node) { out.retry_after = read_hint(node); });
    from.member("item_answer", [&](auto const& node) { out.item = read_item_answer(node); });
    check(out, from);
    return out;
}

}

std::vector<std::uint64_t> read_counts(script_node const& from) {
    std::vector<std::uint64_t> out;
    for (auto const& each : from.elements())
        out.push_back(each.whole(1, most_count));
    if (out.empty())
        from.fail("at least one number");
    std::sort(out.begin(), out.end());
    return out;
}

rule read_rule(script_node const& from, std::string const& folder) {
    constexpr std::string_view known[] = {"match", "do"};
    from.expect_members(known);
    if (!from.value().as_object().contains("do"))
        from.reject("expected the member \"do\"");
    rule out;
    from.member("match", [&](script_node const& node) { out.match = read_match(node); });
    from.member("do", [&](script_node const& node) { out.action = read_action(node, folder); });
    if (out.action.item != item_answer::once && !out.match.item.value_or(true))
        from.reject("\"item_answer\" is for items of batches, \"match\" is for none of them");
    if (out.action.item != item_answer::once)
        out.match.item = true;
    return out;
}

}
