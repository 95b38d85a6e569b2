#include "scratch_folder.hpp"
#include "simulator/script.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>
#include <string_view>
#include <utility>

namespace allot::simulation {
namespace {

using namespace std::chrono_literals;

rule_action action_of(std::string const& members) {
    return parse_script(R"({"rules": [{"do": {)" + members + "}}]}").value().rules.at(0).action;
}

std::string write(scratch_folder const& where, std::string const& name, std::string_view text) {
    std::ofstream(where / name, std::ios::binary) << text;
    return where / name;
}

BOOST_AUTO_TEST_SUITE(script_suite)

BOOST_AUTO_TEST_CASE(empty_script_misbehaves_nowhere) {
    auto const made = parse_script("{}").value();
    BOOST_TEST(made.rules.empty());
    BOOST_TEST(!made.throttle.has_value());
    BOOST_TEST((made.shape == answer_shape::value));
    BOOST_TEST(made.pages.size == 100u);
    BOOST_TEST(!made.pages.empty);
    BOOST_TEST(!made.pages.link_last);
    BOOST_TEST((made.gzip == compressed::pages));
    BOOST_TEST(made.token_lifetime.count() == 3599);
}

BOOST_AUTO_TEST_CASE(reads_every_member) {
    auto const made = parse_script(R"({
        "rules": [{"match": {"path": "^/beta/users/", "nth": [5, 1], "every": 10, "probability": 0.01,
                             "after_s": 2, "for_s": 5.5},
                   "do": {"status": 503, "headers": {"Retry-After": 2, "X": ["a", "b"], "Date": null},
                          "body": "text", "encode": "gzip_bomb", "delay_ms": 100, "drip_bytes_per_s": 50, "close_after_bytes": 80,
                          "half_close": true, "truncate_close_notify": true}}],
        "throttle": {"per_second": 400, "burst": 500, "retry_after": 5.5, "grace_ms": 100},
        "shape": "bare", "pages": {"size": 7, "empty": true, "next_link": "last"}, "gzip": "all",
        "token_lifetime_s": 2})")
                          .value();
    auto const& [match, action] = made.rules.at(0);
    BOOST_TEST(match.path->found_in("/beta/users/1"));
    BOOST_TEST(!match.path->found_in("/beta/groups/1"));
    BOOST_TEST((match.nth == std::vector<std::uint64_t>{1, 5}));
    BOOST_TEST(match.every.value() == 10u);
    BOOST_TEST(match.probability.value() == 0.01);
    BOOST_TEST((match.after == 2s));
    BOOST_TEST((match.length == 5'500ms));
    BOOST_TEST(action.status.value() == 503u);
    BOOST_TEST((action.content == encoding::gzip_bomb));
    BOOST_TEST((made.gzip == compressed::all));
    BOOST_TEST_REQUIRE(action.fields.size() == 3u);
    BOOST_TEST((action.fields[0].values == std::vector<std::string>{"2"}));
    BOOST_TEST((action.fields[1].values == std::vector<std::string>{"a", "b"}));
    BOOST_TEST(action.fields[2].values.empty());
    BOOST_TEST(action.body.value() == "text");
    BOOST_TEST((action.delay == 100ms));
    BOOST_TEST(action.bytes_per_second.value() == 50);
    BOOST_TEST(action.close_after_bytes.value() == 80u);
    BOOST_TEST(!action.reset);
    BOOST_TEST(action.half_close);
    BOOST_TEST(action.truncate_close_notify);
    BOOST_TEST(made.throttle->per_second == 400);
    BOOST_TEST(made.throttle->burst == 500);
    BOOST_TEST((made.throttle->retry_after == 5'500ms));
    BOOST_TEST((made.throttle->grace == 100ms));
    BOOST_TEST((made.shape == answer_shape::bare));
    BOOST_TEST(made.pages.size == 7u);
    BOOST_TEST(made.pages.empty);
    BOOST_TEST(made.pages.link_last);
    BOOST_TEST(made.token_lifetime.count() == 2);
}

BOOST_AUTO_TEST_CASE(a_body_is_text_or_json) {
    BOOST_TEST(action_of(R"("body": "<html>")").body.value() == "<html>");
    BOOST_TEST(action_of(R"("body": {"value": null})").body.value() == R"({"value":null})");
    BOOST_TEST(action_of(R"("body": [])").body.value() == "[]");
}

BOOST_AUTO_TEST_CASE(raw_is_one_byte_per_character) {
    BOOST_TEST(
        action_of(R"("raw": "a\u0000\u007f\u0080\u00ff\r\n")").raw.value() ==
        std::string("a\0\x7f\x80\xff\r\n", 7));
}

BOOST_AUTO_TEST_CASE(the_burst_is_one_second_by_default) {
    BOOST_TEST(parse_script(R"({"throttle": {"per_second": 40}})").value().throttle->burst == 40);
    BOOST_TEST(parse_script(R"({"throttle": {"per_second": 0.5}})").value().throttle->burst == 1);
}

BOOST_AUTO_TEST_CASE(tokens_live_as_long_as_said) {
    auto const made = parse_script(R"({"token_lifetime_s": [60, 90], "token_refresh_in_s": 30})").value();
    BOOST_TEST(made.token_lifetime.count() == 60);
    BOOST_TEST(made.token_lifetime_spread.count() == 30);
    BOOST_TEST(made.token_refresh_in->count() == 30);
    BOOST_TEST(!parse_script("{}").value().token_refresh_in.has_value());
}

BOOST_AUTO_TEST_CASE(hints_and_items_of_rules) {
    BOOST_TEST((action_of(R"("retry_after": 2.5)").retry_after->rest == 2'500ms));
    auto const hint = action_of(R"("retry_after": {"seconds": 7, "form": "asctime"})").retry_after.value();
    BOOST_TEST((hint.rest == 7s));
    BOOST_TEST((hint.form == retry_after_form::asctime));
    auto const made = parse_script(R"({"rules": [{"match": {"item": false}, "do": {"status": 503}},
                                                 {"do": {"item_answer": "missing"}},
                                                 {"do": {"item_answer": "doubled"}},
                                                 {"do": {"item_answer": "unknown_id", "status": 200}}]})")
                          .value()
                          .rules;
    BOOST_TEST(!made[0].match.item.value());
    BOOST_TEST((made[0].action.item == item_answer::once));
    BOOST_TEST(made[1].match.item.value());
    BOOST_TEST((made[1].action.item == item_answer::missing));
    BOOST_TEST((made[2].action.item == item_answer::doubled));
    BOOST_TEST((made[3].action.item == item_answer::unknown_id));
}

BOOST_AUTO_TEST_CASE(body_file_is_beside_the_script) {
    scratch_folder const here;
    write(here, "body.json", "{\"a\":1}\n");
    auto const made =
        parse_script_file(R"({"rules": [{"do": {"body_file": "body.json"}}]})", here / "script.json");
    BOOST_TEST(made.value().rules[0].action.body.value() == "{\"a\":1}\n");
}

BOOST_AUTO_TEST_CASE(unreadable_files_are_named_with_the_reason) {
    scratch_folder const here;
    auto const bad = parse_script_file(R"({"rules": [{"do": {"body_file": "gone"}}]})", here / "script.json");
    BOOST_TEST_REQUIRE(bad.has_error());
    BOOST_TEST(
        bad.error().message.find("script.json: script: rules[0].do.body_file: cannot read") !=
        std::string::npos);
    BOOST_TEST(bad.error().message.ends_with("/gone: No such file or directory"));
    auto const folder = parse_script_file(R"({"rules": [{"do": {"body_file": "."}}]})", here / "script.json");
    BOOST_TEST(folder.error().message.ends_with("/.: Is a directory"));
}

BOOST_AUTO_TEST_CASE(errors_name_path_expectation_and_finding) {
    std::pair<std::string_view, std::string_view> const cases[] = {
        {"", "line 1: expected JSON"},
        {"{\"rules\": [\n{\"do\" 1}]}", "line 2: expected JSON"},
        {"{} {}", "line 1: expected JSON"},
        {"[]", "top level: expected an object, found []"},
        {R"({"rule": []})", "top level: unknown member \"rule\"; known are rules, throttle"},
        {R"({"rules": {}})", "rules: expected a list, found {}"},
        {R"({"rules": [1]})", "rules[0]: expected an object, found 1"},
        {R"({"rules": [{}]})", "rules[0]: expected the member \"do\""},
        {R"({"rules": [{"do": {}}]})", "rules[0].do: expected at least one action, found {}"},
        {R"({"rules": [{"do": {"reset": true}}, {"do": {"stat": 1}}]})",
         "rules[1].do: unknown member \"stat\""},
        {R"({"rules": [{"do": {"status": "503"}}]})",
         "rules[0].do.status: expected a whole number from 200 to 599, found \"503\""},
        {R"({"rules": [{"do": {"status": 199}}]})", "found 199"},
        {R"({"rules": [{"do": {"status": 503.5}}]})", "found 5.035E2"},
        {R"({"rules": [{"do": {"status": -503}}]})", "found -503"},
        {R"({"rules": [{"do": {"headers": []}}]})", "rules[0].do.headers: expected an object, found []"},
        {R"({"rules": [{"do": {"headers": {"a b": "1"}}}]})",
         "rules[0].do.headers: \"a b\" is not a field name"},
        {R"({"rules": [{"do": {"headers": {"a": true}}}]})",
         "rules[0].do.headers.a: expected a text, a number"},
        {R"({"rules": [{"do": {"headers": {"a": "b\r\nc"}}}]})", "expected a text without CR, LF and NUL"},
        {R"({"rules": [{"do": {"headers": {"a": ["b", null]}}}]})", "rules[0].do.headers.a[1]: expected"},
        {R"({"rules": [{"do": {"body": 1}}]})", "rules[0].do.body: expected a text, or an object or list"},
        {R"({"rules": [{"do": {"body": "", "body_file": "x"}}]})", "give either body or body_file"},
        {R"({"rules": [{"do": {"raw": "\u0100"}}]})",
         "rules[0].do.raw: expected characters from U+0000 to U+00FF"},
        {R"({"rules": [{"do": {"raw": "", "status": 200}}]})",
         "rules[0].do: \"raw\" stands for the whole answer"},
        {R"({"rules": [{"do": {"reset": true, "half_close": true}}]})",
         "rules[0].do: \"reset\" already ends"},
        {R"({"rules": [{"do": {"reset": 1}}]})", "rules[0].do.reset: expected true or false, found 1"},
        {R"({"rules": [{"do": {"drip_bytes_per_s": 0}}]})",
         "rules[0].do.drip_bytes_per_s: expected a number from 0.01"},
        {R"({"rules": [{"match": {"path": "("}, "do": {"reset": true}}]})",
         "rules[0].match.path: expected a regular expression (ECMAScript), found \"(\""},
        {R"({"rules": [{"match": {"path": 1}, "do": {"reset": true}}]})",
         "rules[0].match.path: expected a text"},
        {R"({"rules": [{"match": {"nth": 1}, "do": {"reset": true}}]})",
         "rules[0].match.nth: expected a list"},
        {R"({"rules": [{"match": {"nth": [1, 0]}, "do": {"reset": true}}]})",
         "rules[0].match.nth[1]: expected"},
        {R"({"rules": [{"match": {"nth": []}, "do": {"reset": true}}]})", "at least one number, found []"},
        {R"({"rules": [{"match": {"probability": 1.5}, "do": {"reset": true}}]})",
         "rules[0].match.probability: expected a number from 0 to 1, found 1.5E0"},
        {R"({"rules": [{"match": {"after_s": -1}, "do": {"reset": true}}]})",
         "rules[0].match.after_s: expected"},
        {R"({"rules": [{"do": {"encode": "br"}}]})",
         "rules[0].do.encode: expected \"gzip\", \"gzip_members\", \"gzip_bomb\""},
        {R"({"rules": [{"do": {"encode": "gzip", "raw": ""}}]})", "\"raw\" stands for the whole answer"},
        {R"({"gzip": true})", "gzip: expected a text"},
        {R"({"gzip": "some"})", "gzip: expected \"none\", \"pages\" or \"all\", found \"some\""},
        {R"({"throttle": {}})", "throttle: expected the member \"per_second\""},
        {R"({"throttle": {"tenant": "XL"}})", "throttle.tenant: expected \"S\", \"M\" or \"L\""},
        {R"({"throttle": {"tenant": "S", "per_second": 1}})", "give either tenant or per_second"},
        {R"({"throttle": {"per_second": 1, "burst": 1, "burst_s": 1}})", "give either burst or burst_s"},
        {R"({"throttle": {"per_second": 1, "changes": [{"per_second": 1}]}})",
         "throttle.changes[0]: expected the member \"after_s\""},
        {R"({"throttle": {"per_second": 1, "changes": [{"after_s": 1}]}})",
         "throttle.changes[0]: expected the member \"per_second\""},
        {R"({"throttle": {"per_second": 1, "changes": [{"after_s": 2, "per_second": 1}, {"after_s": 1, "per_second": 1}]}})",
         "throttle.changes[1]: changes stand in the order"},
        {R"({"throttle": {"per_second": 1, "cost": {"get": -1}}})",
         "throttle.cost.get: expected a whole number from 0 to 1000, found -1"},
        {R"({"throttle": {"per_second": 1, "cost": {"put": 1}}})", "throttle.cost: unknown member \"put\""},
        {R"({"throttle": {"per_second": 1, "retry_after_form": "soon"}})",
         "throttle.retry_after_form: expected seconds, fraction, date"},
        {R"({"throttle": {"per_second": 1, "retry_after_form": []}})", "expected at least one form"},
        {R"({"latency_ms": -1})", "latency_ms: expected a number from 0"},
        {R"({"latency_ms": {"min": 1}})", "latency_ms: unknown member \"min\"; known are base, jitter"},
        {R"({"rules": [{"do": {"retry_after": {"form": "x"}}}]})",
         "rules[0].do.retry_after.form: expected seconds"},
        {R"({"rules": [{"do": {"item_answer": "lost"}}]})", "expected \"missing\", \"doubled\" or"},
        {R"({"rules": [{"do": {"item_answer": "missing", "reset": true}}]})",
         "rules[0].do: \"item_answer\" is about an item of a batch"},
        {R"({"rules": [{"match": {"item": false}, "do": {"item_answer": "missing"}}]})",
         "rules[0]: \"item_answer\" is for items of batches"},
        {R"({"throttle": {"per_second": 0}})", "throttle.per_second: expected a number"},
        {R"({"throttle": {"per_second": 1, "burst": 0}})", "throttle.burst: expected a number from 1"},
        {R"({"throttle": {"per_second": 1, "retry_after": 0}})", "throttle.retry_after: expected a number"},
        {R"({"shape": "array"})", "shape: expected \"value\" or \"bare\", found \"array\""},
        {R"({"pages": {"size": 1000}})", "pages.size: expected a whole number from 1 to 999, found 1000"},
        {R"({"pages": {"next_link": "middle"}})",
         "pages.next_link: expected \"first\" or \"last\", found \"middle\""},
        {R"({"token_lifetime_s": [9, 8]})", "token_lifetime_s: expected a number of seconds, or a list of"},
        {R"({"token_lifetime_s": [9]})", "token_lifetime_s: expected a number of seconds, or a list of"},
        {R"({"token_lifetime_s": 0})", "token_lifetime_s: expected a whole number from 1 to 86400, found 0"},
    };
    for (auto const& [text, expected] : cases) {
        BOOST_TEST_CONTEXT(text) {
            auto const made = parse_script(text);
            BOOST_TEST_REQUIRE(made.has_error());
            BOOST_TEST((made.error().code == errc::invalid_params));
            BOOST_TEST(made.error().message.starts_with("script: "));
            BOOST_TEST(made.error().message.find(expected) != std::string::npos, made.error().message);
        }
    }
}

BOOST_AUTO_TEST_CASE(long_findings_are_cut) {
    auto const made = parse_script(R"({"shape": ")" + std::string(10'000, 'x') + "\"}");
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().message.size() < 200u);
}

BOOST_AUTO_TEST_CASE(hostile_names_and_expressions_are_shown_cut_and_escaped) {
    auto const hostile = "\\u001b[31m\\r\\n" + std::string(10'000, 'x');
    for (std::string const& text :
         {"{\"" + hostile + "\": 1}", R"({"rules": [{"do": {"headers": {")" + hostile + "\": 1}}}]}",
          R"({"rules": [{"match": {"path": "[)" + hostile + R"("}, "do": {"reset": true}}]})"}) {
        auto const made = parse_script(text);
        BOOST_TEST_REQUIRE(made.has_error());
        auto const& message = made.error().message;
        BOOST_TEST(message.size() < 300u, message);
        BOOST_TEST(message.find_first_of("\x1b\r\n") == std::string::npos, message);
        BOOST_TEST(message.find("\\u001b[31m") != std::string::npos, message);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
