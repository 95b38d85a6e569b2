#include "protocol/next_link.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace {

allot::origin graph(std::string const& url = "https://graph.microsoft.com") {
    return allot::parse_graph_url(url).value();
}

std::string target_of(std::string_view link, allot::origin const& where) {
    auto const target = allot::next_link_target(link, where);
    return target ? *target : "refused: " + target.error().message;
}

}

BOOST_AUTO_TEST_SUITE(next_link)

BOOST_AUTO_TEST_CASE(path_and_query_are_kept_as_they_are) {
    auto const where = graph();
    for (std::string_view const target :
         {"/beta/admin/cloudLicensing/assignments?$top=3&$expand=assignedTo,allotment&$skiptoken="
          "RFNwdAoAAQAAAAAAAAAAFAAAAI45VMy0CO9Ei1L3Lr1q95UBAAAAAAAA",
          "/beta/users/a%2fb%2F%7e/x?$skiptoken=m~A%3d%3D+%20&%24top=1",
          "/a/../b/./c//d?x=%41?/:@!$&'()*+,;=", "//other.example/x", "/", "/?", "/?a", "/beta/v1.0"}) {
        BOOST_TEST(target_of("https://graph.microsoft.com" + std::string(target), where) == target);
    }
    BOOST_TEST(target_of("https://graph.microsoft.com", where) == "/");
    BOOST_TEST(target_of("https://graph.microsoft.com?a=b", where) == "/?a=b");
}

BOOST_AUTO_TEST_CASE(the_same_place_in_other_words) {
    for (std::string_view const link :
         {"https://graph.microsoft.com/x", "HTTPS://Graph.Microsoft.COM/x",
          "https://graph.microsoft.com:443/x", "https://graph.microsoft.com:/x",
          "https://graph.microsoft.com:0443/x"})
        BOOST_TEST(target_of(link, graph()) == "/x", link);
    auto const local = graph("https://localhost:8443/gateway");
    BOOST_TEST(target_of("https://localhost:8443/x", local) == "/x");
    auto const address = graph("https://[::1]:8443");
    BOOST_TEST(target_of("https://[::1]:8443/x", address) == "/x");
}

BOOST_AUTO_TEST_CASE(other_places_are_refused_by_name) {
    struct {
        std::string_view link, named;
    } const rows[] = {
        {"https://evil.example/x", "\"https://evil.example\""},
        {"https://evil.example:8443/x", "\"https://evil.example:8443\""},
        {"https://graph.microsoft.com.evil.example/x", "\"https://graph.microsoft.com.evil.example\""},
        {"https://evilgraph.microsoft.com/x", "evilgraph.microsoft.com\""},
        {"https://microsoft.com/x", "\"https://microsoft.com\""},
        {"https://graph.microsoft.com./x", "\"https://graph.microsoft.com.\""},
        {"https://graph.microsoft.com%00.evil.example/x", "evil.example"},
        {"https://graph.microsoft.com%2eevil.example/x", "evil.example"},
        {"https://graph.microsoft.com%40evil.example/x", "evil.example"},
        {"https://graph.microsoft.com%0d%0aX:y/x", ""},
        {"https://graph.microsoft.com:444/x", "\"https://graph.microsoft.com:444\""},
        {"https://graph.microsoft.com:0/x", "\"https://graph.microsoft.com:0\""},
        {"https://graph.microsoft.com:65979/x", ":65979\""},
        {"https://graph.microsoft.com:4294967739/x", ":4294967739\""},
        {"http://graph.microsoft.com/x", "\"http://graph.microsoft.com\""},
        {"http://graph.microsoft.com:443/x", "\"http://graph.microsoft.com:443\""},
        {"ftp://graph.microsoft.com/x", "\"ftp://graph.microsoft.com\""},
        {"httpss://graph.microsoft.com/x", "\"httpss://"},
        {"https://graph.microsoft.com@evil.example/x", "\"https://evil.example\""},
        {"https://graph.microsoft.com:443@evil.example/x", "\"https://evil.example\""},
        {"https://me:hunter2@evil.example/x", "\"https://evil.example\""},
        {"https:///x", "\"https://\""},
        {"https://:443/x", "\"https://:443\""},
        {"https://[::1]/x", "\"https://[::1]\""},
        {"https://20.190.128.1/x", "\"https://20.190.128.1\""},
    };
    for (auto const& row : rows)
        BOOST_TEST_CONTEXT(row.link) {
            auto const target = allot::next_link_target(row.link, graph());
            BOOST_TEST_REQUIRE(target.has_error());
            auto const& why = target.error();
            BOOST_TEST(
                (why.code == allot::errc::redirected ||
                 (row.named.empty() && why.code == allot::errc::bad_body)));
            BOOST_TEST(why.message.find(row.named) != std::string::npos, why.message);
            BOOST_TEST(why.message.find("hunter2") == std::string::npos);
        }
}

BOOST_AUTO_TEST_CASE(what_is_no_link_of_graph_is_refused) {
    for (std::string_view const link :
         {"",
          "x",
          "/beta/admin",
          "//graph.microsoft.com/x",
          "?$skiptoken=1",
          "graph.microsoft.com/x",
          "https:/beta",
          "https:graph.microsoft.com/x",
          "https:\\\\graph.microsoft.com/x",
          "https://evil.example\\@graph.microsoft.com/x",
          "https://graph.microsoft.com\\@evil.example/x",
          " https://graph.microsoft.com/x",
          "https://graph.microsoft.com/x ",
          "https://graph.microsoft.com/a b",
          "https://graph.microsoft.com/x\r\nHost: evil.example",
          "https://graph.microsoft.com/x\n",
          "https://graph.microsoft.com/\xc3\xbc",
          "https://graph.microsoft.com/\x1b[31m",
          "https://graph.microsoft.com/%zz",
          "https://graph.microsoft.com/%",
          "https://[::1/x",
          "https://me@graph.microsoft.com/x",
          "https://@graph.microsoft.com/x",
          "https://me:hunter2@graph.microsoft.com/x",
          "https://me:hunter2@graph.microsoft.com/a b",
          "https://graph.microsoft.com/x#",
          "https://graph.microsoft.com/x#y"}) {
        BOOST_TEST_CONTEXT(link) {
            auto const target = allot::next_link_target(link, graph());
            BOOST_TEST_REQUIRE(target.has_error());
            BOOST_TEST((target.error().code == allot::errc::bad_body));
            auto const& text = target.error().message;
            BOOST_TEST(text.find("hunter2") == std::string::npos);
            for (char const c : text)
                BOOST_TEST((c >= ' ' && c <= '~'));
        }
    }
    std::string const begin = "https://graph.microsoft.com/";
    auto const link = [&](std::size_t size) { return begin + std::string(size - begin.size(), 'x'); };
    BOOST_TEST(allot::next_link_target(link(16 * 1024), graph()).has_value());
    BOOST_TEST((allot::next_link_target(link(16 * 1024 + 1), graph()).error().code == allot::errc::bad_body));
    auto const hostile = allot::next_link_target("https://" + std::string(9999, 'x') + "/", graph());
    BOOST_TEST(hostile.error().message.size() < 400u);
}

BOOST_AUTO_TEST_SUITE_END()
