#include "simulator/script.hpp"

#include "simulator/script_codings.hpp"
#include "simulator/script_node.hpp"

#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace allot::simulation {
namespace {

constexpr double longest_s = 86'400;
constexpr std::uint64_t most_count = 1'000'000'000'000;

template <class Duration>
Duration seconds(script_node const& from, double least = 0) {
    return std::chrono::round<Duration>(std::chrono::duration<double>(from.number(least, longest_s)));
}

std::chrono::milliseconds milliseconds(script_node const& from) {
    return std::chrono::milliseconds(from.whole(0, static_cast<std::uint64_t>(longest_s) * 1000));
}

/// Counts from 1, ascending.
std::vector<std::uint64_t> read_counts(script_node const& from) {
    std::vector<std::uint64_t> out;
    for (auto const& each : from.elements())
        out.push_back(each.whole(1, most_count));
    if (out.empty())
        from.fail("at least one number");
    std::sort(out.begin(), out.end());
    return out;
}

rule_match read_match(script_node const& from) {
    constexpr std::string_view known[] = {"path", "nth", "every", "probability", "after_s", "for_s"};
    from.expect_members(known);
    rule_match out;
    from.member("path", [&](script_node const& node) {
        auto const expression = node.text();
        try {
            out.path.emplace(expression);
        } catch (std::invalid_argument const& error) {
            node.reject(
                "expected a regular expression (ECMAScript), found \"" + expression + "\": " + error.what());
        }
    });
    from.member("nth", [&](script_node const& node) { out.nth = read_counts(node); });
    from.member("every", [&](script_node const& node) { out.every = node.whole(1, most_count); });
    from.member("probability", [&](script_node const& node) { out.probability = node.number(0, 1); });
    from.member(
        "after_s", [&](script_node const& node) { out.after = seconds<std::chrono::nanoseconds>(node); });
    from.member(
        "for_s", [&](script_node const& node) { out.length = seconds<std::chrono::nanoseconds>(node); });
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
            from.reject("\"" + name + "\" is not a field name (RFC 9110 section 5.1)");
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

std::string read_file(std::filesystem::path const& file) {
    std::ifstream in(file, std::ios::binary);
    std::string out{std::istreambuf_iterator<char>(in), {}};
    if (!in || in.bad() || std::filesystem::is_directory(file))
        throw std::runtime_error("cannot read " + file.string());
    return out;
}

void check(rule_action const& action, script_node const& from) {
    bool const in_parts =
        action.status || action.body || !action.fields.empty() || action.content != encoding::none;
    if (action.raw && in_parts)
        from.reject("\"raw\" stands for the whole answer: leave out status, headers, body and encode");
    if (action.reset && (action.half_close || action.truncate_close_notify))
        from.reject("\"reset\" already ends the connection: leave out half_close and truncate_close_notify");
}

rule_action read_action(script_node const& from, std::string const& folder) {
    constexpr std::string_view known[] = {
        "status",
        "headers",
        "body",
        "body_file",
        "encode",
        "delay_ms",
        "drip_bytes_per_s",
        "close_after_bytes",
        "reset",
        "half_close",
        "truncate_close_notify",
        "raw"};
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
            out.body = read_file(std::filesystem::path(folder) / node.text());
        } catch (std::runtime_error const& error) {
            node.reject(error.what());
        }
    });
    from.member("encode", [&](auto const& node) { out.content = read_encoding(node); });
    from.member("delay_ms", [&](auto const& node) { out.delay = milliseconds(node); });
    from.member("drip_bytes_per_s", [&](auto const& node) { out.bytes_per_second = node.number(0.01, 1e9); });
    from.member(
        "close_after_bytes", [&](auto const& node) { out.close_after_bytes = node.whole(0, most_count); });
    from.member("reset", [&](auto const& node) { out.reset = node.boolean(); });
    from.member("half_close", [&](auto const& node) { out.half_close = node.boolean(); });
    from.member(
        "truncate_close_notify", [&](auto const& node) { out.truncate_close_notify = node.boolean(); });
    from.member("raw", [&](auto const& node) { out.raw = read_raw(node); });
    check(out, from);
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
    return out;
}

throttle_params read_throttle(script_node const& from) {
    constexpr std::string_view known[] = {"per_second", "burst", "retry_after", "grace_ms"};
    from.expect_members(known);
    if (!from.value().as_object().contains("per_second"))
        from.reject("expected the member \"per_second\"");
    throttle_params out;
    from.member("per_second", [&](script_node const& node) { out.per_second = node.number(0.001, 1e9); });
    out.burst = std::max(1.0, out.per_second);
    from.member("burst", [&](script_node const& node) { out.burst = node.number(1, 1e9); });
    from.member("retry_after", [&](script_node const& node) {
        out.retry_after = seconds<std::chrono::milliseconds>(node, 0.001);
    });
    from.member("grace_ms", [&](script_node const& node) { out.grace = milliseconds(node); });
    return out;
}

page_params read_pages(script_node const& from) {
    constexpr std::string_view known[] = {"size", "empty", "next_link"};
    from.expect_members(known);
    page_params out;
    from.member("size", [&](script_node const& node) { out.size = node.whole(1, most_top); });
    from.member("empty", [&](script_node const& node) { out.empty = node.boolean(); });
    from.member("next_link", [&](script_node const& node) {
        auto const place = node.text();
        if (place != "first" && place != "last")
            node.fail("\"first\" or \"last\"");
        out.link_last = place == "last";
    });
    return out;
}

script read_top(script_node const& from, std::string const& folder) {
    constexpr std::string_view known[] = {"rules", "throttle",         "shape",           "pages",
                                          "gzip",  "token_lifetime_s", "revoke_tokens_at"};
    from.expect_members(known);
    script out;
    from.member("rules", [&](script_node const& node) {
        for (auto const& each : node.elements())
            out.rules.push_back(read_rule(each, folder));
    });
    from.member("throttle", [&](script_node const& node) { out.throttle = read_throttle(node); });
    from.member("shape", [&](script_node const& node) {
        auto const name = node.text();
        if (name != "value" && name != "bare")
            node.fail("\"value\" or \"bare\"");
        out.shape = name == "bare" ? answer_shape::bare : answer_shape::value;
    });
    from.member("pages", [&](script_node const& node) { out.pages = read_pages(node); });
    from.member("gzip", [&](script_node const& node) { out.gzip = read_gzip(node); });
    from.member("token_lifetime_s", [&](script_node const& node) {
        out.token_lifetime = std::chrono::seconds(node.whole(1, static_cast<std::uint64_t>(longest_s)));
    });
    from.member(
        "revoke_tokens_at", [&](script_node const& node) { out.revoke_tokens_at = read_counts(node); });
    return out;
}

failure script_failure(std::string message) {
    failure out;
    out.code = errc::invalid_params;
    out.message = "script: " + std::move(message);
    return out;
}

}

result<script> parse_script(std::string_view json, std::string const& folder) {
    boost::json::parser parser;
    error_code error;
    auto const read = parser.write(json.data(), json.size(), error);
    if (error) {
        auto const line =
            1 + std::count(json.begin(), json.begin() + static_cast<std::ptrdiff_t>(read), '\n');
        return script_failure(
            "line " + std::to_string(line) + ": expected JSON (RFC 8259), found a " + error.message());
    }
    try {
        auto const value = parser.release();
        return read_top(script_node(value), folder);
    } catch (script_error const& problem) {
        return script_failure(problem.message);
    }
}

result<script> read_script(std::string const& file) {
    std::string text;
    try {
        text = read_file(file);
    } catch (std::runtime_error const& problem) {
        return script_failure(problem.what());
    }
    auto out = parse_script(text, std::filesystem::path(file).parent_path().string());
    if (out)
        return out;
    auto problem = out.error();
    problem.message = file + ": " + problem.message;
    return problem;
}

}
