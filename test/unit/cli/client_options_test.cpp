#include "cli/client_options.hpp"
#include "cli/usage_error.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace allot;
using namespace std::chrono_literals;

namespace {

environment const with_token = [](char const* name) {
    return name == std::string("ALLOT_TOKEN") ? std::optional<std::string>("marker") : std::nullopt;
};

struct fixture {
    client_options options;

    void parse(std::vector<std::string> words) {
        options = {};
        CLI::App app("test", "test");
        std::string file;
        app.add_option("FILE", file);
        add_client_options(app, options);
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
        BOOST_TEST(file == "ids");
    }

    client_params params_of() const {
        console_options quiet;
        quiet.level = log_level::error;
        console terminal(quiet);
        return make_client_params(options, with_token, terminal);
    }

    void expect_refused(std::vector<std::string> const& words, std::string const& message) {
        BOOST_CHECK_EXCEPTION(parse(words), CLI::ParseError, [&](CLI::ParseError const& error) {
            BOOST_TEST(error.what() == message);
            return true;
        });
    }
};

}

BOOST_FIXTURE_TEST_SUITE(client_options_, fixture)

BOOST_AUTO_TEST_CASE(defaults_are_the_librarys) {
    parse({"ids"});
    auto const params = params_of();
    client_params const defaults;
    BOOST_TEST(params.graph_url == "https://graph.microsoft.com");
    BOOST_TEST(params.connections == defaults.connections);
    BOOST_TEST((params.request_timeout == defaults.request_timeout));
    BOOST_TEST(!params.deadline);
    BOOST_TEST(!params.max_rate);
    BOOST_TEST(params.retry.max_attempts == defaults.retry.max_attempts);
    BOOST_TEST((params.retry.max_wait == defaults.retry.max_wait));
    BOOST_TEST(batch_pace(options.pace).concurrency() == 0U);
    BOOST_TEST(!cloud_warning(options.connection));
}

BOOST_AUTO_TEST_CASE(everything_given) {
    parse(
        {"--cloud",
         "usgov",
         "--ca-file=ca.pem",
         "--connect-to",
         "a:1:b:2",
         "--connect-to",
         "c:3:d:4",
         "ids",
         "--select",
         "id,skuId",
         "--select=skuPartNumber",
         "--expand",
         "assignments($select=id,x),waitingMembers",
         "--concurrency",
         "7",
         "--connections",
         "8",
         "--rate",
         "2.5",
         "--priority",
         "low",
         "--request-timeout",
         "500ms",
         "--deadline",
         "2h",
         "--max-wait",
         "5m",
         "--max-attempts",
         "3",
         "--progress",
         "never",
         "--log-level",
         "debug",
         "--log-format",
         "json"});
    auto const params = params_of();
    BOOST_TEST(params.graph_url == "https://graph.microsoft.us");
    BOOST_TEST(params.transport.ca_file == "ca.pem");
    BOOST_REQUIRE_EQUAL(params.transport.connect_to.size(), 2U);
    BOOST_TEST(params.transport.connect_to[1].address == "d");
    std::vector<std::string> const selected{"id", "skuId", "skuPartNumber"};
    BOOST_TEST(options.select_and_expand.selected() == selected, boost::test_tools::per_element());
    std::vector<std::string> const expanded{"assignments($select=id,x)", "waitingMembers"};
    BOOST_TEST(options.select_and_expand.expanded() == expanded, boost::test_tools::per_element());
    BOOST_TEST(batch_pace(options.pace).concurrency() == 7U);
    BOOST_TEST(params.connections == 8U);
    BOOST_TEST(params.max_rate.value() == 2.5);
    BOOST_TEST((params.priority == throttle_priority::low));
    BOOST_TEST((params.request_timeout == 500ms));
    BOOST_TEST((params.transport.header_timeout == client_params().transport.header_timeout));
    BOOST_TEST((params.deadline == 2h));
    BOOST_TEST((params.retry.max_wait == 5min));
    BOOST_TEST(params.retry.max_attempts == 3U);
    BOOST_TEST((options.seeing.progress == progress_mode::never));
    BOOST_TEST((options.seeing.level == log_level::debug));
    BOOST_TEST((options.seeing.format == log_format::json));
    BOOST_TEST(cloud_warning(options.connection).value().find("usgov") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(more_time_for_an_attempt_is_more_time_for_its_answer_to_begin) {
    parse({"ids", "--request-timeout", "2m"});
    auto const params = params_of();
    BOOST_TEST((params.request_timeout == 2min));
    BOOST_TEST((params.transport.header_timeout == 2min));
}

BOOST_AUTO_TEST_CASE(a_graph_url_comes_before_the_cloud) {
    parse({"ids", "--cloud", "china", "--graph-url", "https://localhost:8443"});
    BOOST_TEST(params_of().graph_url == "https://localhost:8443");
}

BOOST_AUTO_TEST_CASE(a_graph_that_is_not_documented_is_warned_of_however_it_was_named) {
    parse({"ids", "--graph-url", "https://Graph.Microsoft.us/beta"});
    BOOST_TEST(cloud_warning(options.connection).value().find("in usgov it may") != std::string::npos);
    parse({"ids", "--cloud", "usgov", "--graph-url", "https://microsoftgraph.chinacloudapi.cn"});
    BOOST_TEST(cloud_warning(options.connection).value().find("in china it may") != std::string::npos);
    parse({"ids", "--cloud", "usgov", "--graph-url", "https://graph.microsoft.com"});
    BOOST_TEST(!cloud_warning(options.connection));
    // A host of none: what --cloud says of it.
    parse({"ids", "--cloud", "usgov", "--graph-url", "https://localhost:8443"});
    BOOST_TEST(cloud_warning(options.connection).value().find("in usgov it may") != std::string::npos);
    parse({"ids", "--graph-url", "https://localhost:8443"});
    BOOST_TEST(!cloud_warning(options.connection));
}

BOOST_AUTO_TEST_CASE(refused_values_are_named_with_their_rule) {
    expect_refused({"--concurrency", "0"}, "--concurrency: must be a whole number from 1 to 4096, not \"0\"");
    expect_refused(
        {"--concurrency", "4097"}, "--concurrency: must be a whole number from 1 to 4096, not \"4097\"");
    expect_refused(
        {"--connections", "-1"}, "--connections: must be a whole number from 1 to 4096, not \"-1\"");
    expect_refused(
        {"--max-attempts", "3x"}, "--max-attempts: must be a whole number from 1 to 1000, not \"3x\"");
    for (auto const* const rate : {"0", "-1", "nan", "inf", "1e3", "x", ""})
        expect_refused(
            {"--rate", rate},
            "--rate: must be a number of requests per second from 0.001 to 1000000, not \"" +
                std::string(rate) + '"');
    expect_refused({"--priority", "urgent"}, "--priority: must be low, normal or high, not \"urgent\"");
    expect_refused(
        {"--auth", "device"},
        "--auth: must be auto, token, secret, certificate, workload, managed or cli, not \"device\"");
    expect_refused({"--cloud", "mars"}, "--cloud: must be global, usgov, dod or china, not \"mars\"");
    expect_refused({"--token-url", "https://"}, "--token-url: must be an https URL, not \"https://\"");
    expect_refused(
        {"--request-timeout", "5"},
        "--request-timeout: must be a duration from 1ms to 1d like 500ms, 30s, 5m or 2h, not \"5\"");
    expect_refused(
        {"--max-wait", "31d"},
        "--max-wait: must be a duration from 0ms to 30d like 500ms, 30s, 5m or 2h, not \"31d\"");
    expect_refused(
        {"--connect-to", "x"},
        "--connect-to: must be HOST:PORT:ADDR:PORT, with IPv6 addresses in brackets, not \"x\"");
    expect_refused({"--progress", "no"}, "--progress: must be auto, always or never, not \"no\"");
    expect_refused({"--log-format", "x\x1b"}, "--log-format: must be text or json, not \"x\\x1b\"");
}

BOOST_AUTO_TEST_CASE(row_17_only_https) {
    for (std::string const option : {"--graph-url", "--token-url"})
        for (std::string const url : {"http://x/t", "ftp://x/t", "x/t"})
            expect_refused(
                {option.c_str(), url.c_str()}, option + ": must be an https URL, not \"" + url + '"');
}

BOOST_AUTO_TEST_CASE(row_23_secrets_have_no_option) {
    for (auto const* const option : {"--token", "--client-secret", "--secret", "--password"})
        BOOST_CHECK_THROW(parse({"ids", option, "x"}), CLI::ParseError);
}

BOOST_AUTO_TEST_CASE(options_of_later_versions_do_not_exist) {
    for (auto const* const option :
         {"--threads", "--strategy", "--batch-size", "--metrics-listen", "--all", "--store"})
        BOOST_CHECK_THROW(parse({"ids", option, "1"}), CLI::ParseError);
}

BOOST_AUTO_TEST_CASE(a_query_is_checked_as_a_whole) {
    parse({"ids", "--select", "id,,x y"});
    BOOST_CHECK_EXCEPTION(params_of(), usage_error, [](usage_error const& error) {
        return std::string(error.what()).find("$select") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(lists_are_cut_outside_of_parentheses) {
    std::vector<std::string_view> const expected{"a", "b(c,d(e,f))", "", "g)"};
    BOOST_TEST(split_list("a,b(c,d(e,f)),,g)") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
