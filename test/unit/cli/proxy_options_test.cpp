#include "cli/connection_options.hpp"
#include "cli/usage_error.hpp"
#include "unit/audit/scratch_folder.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::test;

namespace {

struct fixture {
    connection_options options;
    std::map<std::string, std::string> variables;
    scratch_folder folder;

    void parse(std::vector<std::string> words) {
        options = {};
        CLI::App app("test", "test");
        add_connection_options(app, options);
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    }
    proxy_params proxy() const {
        auto const lookup = [this](char const* name) -> std::optional<std::string> {
            auto const found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        };
        return make_transport(options, lookup).proxy;
    }
    void expect_unparsed(std::string const& url, std::string const& message) {
        BOOST_CHECK_EXCEPTION(parse({"--proxy", url}), CLI::ParseError, [&](CLI::ParseError const& error) {
            BOOST_TEST(error.what() == message);
            return true;
        });
    }
    void expect_unusable(std::string const& message) {
        BOOST_CHECK_EXCEPTION(proxy(), usage_error, [&](usage_error const& error) {
            BOOST_TEST(error.what() == message);
            return true;
        });
    }
};

}

BOOST_FIXTURE_TEST_SUITE(row_18_proxy_options, fixture)

BOOST_AUTO_TEST_CASE(none_by_default) {
    parse({});
    BOOST_TEST(proxy().url == "");
}

BOOST_AUTO_TEST_CASE(the_option_comes_before_the_environment) {
    variables = {{"HTTPS_PROXY", "http://ada:sesame@environment:1"}, {"NO_PROXY", "a,b"}};
    parse({});
    BOOST_TEST(proxy().url == "http://environment:1");
    BOOST_TEST(proxy().credentials.reveal() == "ada:sesame");
    parse({"--proxy", "http://option:2"});
    BOOST_TEST(proxy().url == "http://option:2");
    BOOST_TEST(proxy().credentials.empty(), "they are another proxy's");
    BOOST_TEST(proxy().bypass.size() == 2U);
    variables["HTTPS_PROXY"] = "socks5://environment:1";
    BOOST_TEST(proxy().url == "http://option:2");
    BOOST_TEST(proxy().bypass.size() == 2U);
    parse({});
    expect_unusable("HTTPS_PROXY \"socks5://environment:1\": only http and https proxies are spoken to; "
                    "write http://HOST:PORT");
}

BOOST_AUTO_TEST_CASE(credentials_of_a_file) {
    auto const file = folder.write("credentials", "ada:open sesame\n");
    parse({"--proxy", "option:2", "--proxy-credentials-file", file});
    BOOST_TEST(proxy().credentials.reveal() == "ada:open sesame");
    variables = {{"HTTPS_PROXY", "http://eve:other@environment:1"}};
    parse({"--proxy-credentials-file", file});
    BOOST_TEST(proxy().url == "http://environment:1");
    BOOST_TEST(proxy().credentials.reveal() == "ada:open sesame");
    variables.clear();
    expect_unusable(
        "--proxy-credentials-file goes with a proxy, and there is none; give --proxy URL or set HTTPS_PROXY");
    folder.write("credentials", "no colon");
    parse({"--proxy", "option:2", "--proxy-credentials-file", file});
    expect_unusable("the credentials of proxy option:2 must be USER:PASSWORD in one line, without control "
                    "characters; correct "
                    "them");
}

BOOST_AUTO_TEST_CASE(credentials_are_refused_on_the_command_line) {
    for (auto const* const url :
         {"http://ada:sesame@proxy:1", "ada:sesame@proxy", "ada@proxy", "http://a:b/c@d"})
        expect_unparsed(
            url, "--proxy: user and password have no place on a command line, which other users of this "
                 "machine can "
                 "see; give --proxy-credentials-file FILE, or the whole URL in HTTPS_PROXY");
}

BOOST_AUTO_TEST_CASE(refused_urls_are_named_with_their_rule) {
    expect_unparsed("", "--proxy: the URL is empty; leave the option out for no proxy");
    expect_unparsed(
        "socks5://proxy:1",
        "--proxy \"socks5://proxy:1\": only http and https proxies are spoken to; write http://HOST:PORT");
}

BOOST_AUTO_TEST_SUITE_END()
