#include "simulator/script.hpp"

#include "simulator/script_codings.hpp"
#include "simulator/script_node.hpp"
#include "simulator/script_rules.hpp"
#include "simulator/script_throttle.hpp"

#include <boost/json/parser.hpp>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace allot::simulation {
namespace {

constexpr std::uint64_t longest_life_s = 86'400;

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

/// A number, or the least and the most.
void read_lifetime(script_node const& from, script& out) {
    auto const read = [](script_node const& node) {
        return std::chrono::seconds(node.whole(1, longest_life_s));
    };
    if (!from.value().is_array()) {
        out.token_lifetime = read(from);
        return;
    }
    auto const ends = from.elements();
    if (ends.size() != 2 || read(ends[0]) > read(ends[1]))
        from.fail("a number of seconds, or a list of the least and the most");
    out.token_lifetime = read(ends[0]);
    out.token_lifetime_spread = read(ends[1]) - read(ends[0]);
}

script read_top(script_node const& from, std::string const& folder) {
    constexpr std::string_view known[] = {
        "rules", "throttle",         "latency_ms",         "shape",           "pages",
        "gzip",  "token_lifetime_s", "token_refresh_in_s", "revoke_tokens_at"};
    from.expect_members(known);
    script out;
    from.member("rules", [&](script_node const& node) {
        for (auto const& each : node.elements())
            out.rules.push_back(read_rule(each, folder));
    });
    from.member("throttle", [&](script_node const& node) { read_throttle(node, out); });
    from.member("latency_ms", [&](script_node const& node) { out.answers_after = read_latency(node); });
    from.member("shape", [&](script_node const& node) {
        auto const name = node.text();
        if (name != "value" && name != "bare")
            node.fail("\"value\" or \"bare\"");
        out.shape = name == "bare" ? answer_shape::bare : answer_shape::value;
    });
    from.member("pages", [&](script_node const& node) { out.pages = read_pages(node); });
    from.member("gzip", [&](script_node const& node) { out.gzip = read_gzip(node); });
    from.member("token_lifetime_s", [&](script_node const& node) { read_lifetime(node, out); });
    from.member("token_refresh_in_s", [&](script_node const& node) {
        out.token_refresh_in = std::chrono::seconds(node.whole(1, longest_life_s));
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
            "line " + std::to_string(line) + ": expected JSON (RFC 8259): " + error.message());
    }
    try {
        auto const value = parser.release();
        return read_top(script_node(value), folder);
    } catch (script_error const& problem) {
        return script_failure(problem.message);
    }
}

result<script> parse_script_file(std::string_view json, std::string const& file) {
    auto out = parse_script(json, std::filesystem::path(file).parent_path().string());
    if (out)
        return out;
    auto problem = out.error();
    problem.message = file + ": " + problem.message;
    return problem;
}

}
