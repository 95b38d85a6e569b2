#include "protocol/target.hpp"

#include <boost/test/unit_test.hpp>

#include <cctype>
#include <string>
#include <string_view>

namespace {

std::string target_of(allot::assignment_ref const& reference, allot::query const& options = {}) {
    std::string out;
    allot::append_allotment_target(out, "/beta", reference, allot::encode_query(options));
    return out;
}

void check_refused(
    allot::result<allot::origin> const& answer, std::string_view parameter, std::string_view rule) {
    BOOST_TEST_REQUIRE(answer.has_error());
    BOOST_TEST((answer.error().code == allot::errc::invalid_params));
    BOOST_TEST(answer.error().message.starts_with(parameter));
    BOOST_TEST(answer.error().message.find(rule) != std::string::npos, answer.error().message);
}

}

BOOST_AUTO_TEST_SUITE(target)

BOOST_AUTO_TEST_CASE(three_scopes) {
    BOOST_TEST(
        target_of(allot::assignment_ref::admin("405ee855-dd74-f695-8d7e-be35a6788fe8")) ==
        "/beta/admin/cloudLicensing/assignments/405ee855-dd74-f695-8d7e-be35a6788fe8/allotment");
    BOOST_TEST(
        target_of(allot::assignment_ref::user("u1", "a1")) ==
        "/beta/users/u1/cloudLicensing/assignments/a1/allotment");
    BOOST_TEST(
        target_of(allot::assignment_ref::group("g1", "a1")) ==
        "/beta/groups/g1/cloudLicensing/assignments/a1/allotment");
}

BOOST_AUTO_TEST_CASE(appends_after_what_is_there) {
    std::string out = "GET ";
    allot::append_allotment_target(out, "/gw/beta", allot::assignment_ref::admin("a"), "?$select=id");
    BOOST_TEST(out == "GET /gw/beta/admin/cloudLicensing/assignments/a/allotment?$select=id");
}

BOOST_AUTO_TEST_CASE(row_24_an_id_is_one_segment_of_unreserved_characters) {
    BOOST_TEST(
        target_of(allot::assignment_ref::user("Ann.O'Neil_#EXT#^@contoso.com", "a-._~!@+=:,z")) ==
        "/beta/users/Ann.O%27Neil_%23EXT%23%5E%40contoso.com/cloudLicensing/assignments/"
        "a-._~%21%40%2B%3D%3A%2Cz/allotment");
}

BOOST_AUTO_TEST_CASE(row_24_every_byte_that_a_reference_may_hold_keeps_the_shape) {
    for (int byte = 0; byte != 256; ++byte) {
        auto const reference = allot::assignment_ref::user(std::string(3, static_cast<char>(byte)), "a");
        if (reference.problem())
            continue;
        auto const target = target_of(reference);
        std::size_t slashes = 0;
        for (char const c : target) {
            slashes += c == '/';
            BOOST_TEST(
                (std::isalnum(static_cast<unsigned char>(c)) ||
                 std::string_view("/-._~%").find(c) != std::string_view::npos));
        }
        BOOST_TEST(slashes == 7u);
    }
}

BOOST_AUTO_TEST_CASE(query_options) {
    BOOST_TEST(allot::encode_query(allot::query{}) == "");
    BOOST_TEST(
        allot::encode_query(allot::query{}.select("id").select("skuPartNumber").expand("assignments")) ==
        "?$select=id,skuPartNumber&$expand=assignments");
    BOOST_TEST(allot::encode_query(allot::query{}.expand("waitingMembers")) == "?$expand=waitingMembers");
    BOOST_TEST(
        allot::encode_query(allot::query{}.expand("assignments($select=id)").expand("waitingMembers")) ==
        "?$expand=assignments($select=id),waitingMembers");
}

BOOST_AUTO_TEST_CASE(lists_of_three_scopes) {
    auto const list_of = [](allot::list_scope const& scope, std::string_view encoded_query = "") {
        std::string out = "GET ";
        allot::append_list_target(out, "/gw/beta", scope, encoded_query);
        return out;
    };
    BOOST_TEST(list_of(allot::list_scope::admin()) == "GET /gw/beta/admin/cloudLicensing/assignments");
    BOOST_TEST(
        list_of(allot::list_scope::user("ann'#x@contoso.com"), "?$top=5") ==
        "GET /gw/beta/users/ann%27%23x%40contoso.com/cloudLicensing/assignments?$top=5");
    BOOST_TEST(
        list_of(allot::list_scope::group("g1")) == "GET /gw/beta/groups/g1/cloudLicensing/assignments");
}

BOOST_AUTO_TEST_CASE(the_size_of_a_page_comes_first) {
    BOOST_TEST(allot::encode_query({}, 0) == "");
    BOOST_TEST(allot::encode_query({}, 999) == "?$top=999");
    BOOST_TEST(
        allot::encode_query(allot::query{}.select("id").expand("assignedTo").expand("allotment"), 3) ==
        "?$top=3&$select=id&$expand=assignedTo,allotment");
}

BOOST_AUTO_TEST_CASE(graph_url_of_the_global_service) {
    auto const answer = allot::parse_graph_url("https://graph.microsoft.com");
    BOOST_TEST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->host == "graph.microsoft.com");
    BOOST_TEST(answer->port == 443);
    BOOST_TEST(answer->base_path == "/beta");
    BOOST_TEST(answer->host_field == "graph.microsoft.com");
}

BOOST_AUTO_TEST_CASE(graph_url_forms) {
    struct {
        std::string_view url, host, base_path, host_field;
        int port;
    } const rows[] = {
        {"https://graph.microsoft.com/", "graph.microsoft.com", "/beta", "graph.microsoft.com", 443},
        {"https://graph.microsoft.com/beta", "graph.microsoft.com", "/beta", "graph.microsoft.com", 443},
        {"https://graph.microsoft.com/beta/", "graph.microsoft.com", "/beta", "graph.microsoft.com", 443},
        {"https://graph.microsoft.com/beta//", "graph.microsoft.com", "/beta", "graph.microsoft.com", 443},
        {"HTTPS://Graph.Microsoft.COM:443", "graph.microsoft.com", "/beta", "graph.microsoft.com", 443},
        {"https://graph.microsoft.com:", "graph.microsoft.com", "/beta", "graph.microsoft.com", 443},
        {"https://localhost:8443/gw/", "localhost", "/gw/beta", "localhost:8443", 8443},
        {"https://localhost:8443/gw/beta", "localhost", "/gw/beta", "localhost:8443", 8443},
        {"https://localhost/a/../b/%7ec", "localhost", "/b/~c/beta", "localhost", 443},
        {"https://localhost/%0d%0aX:y", "localhost", "/%0D%0AX:y/beta", "localhost", 443},
        {"https://127.0.0.1:65535", "127.0.0.1", "/beta", "127.0.0.1:65535", 65535},
        {"https://[::1]", "::1", "/beta", "[::1]", 443},
        {"https://[::1]:8443/gw", "::1", "/gw/beta", "[::1]:8443", 8443},
        {"https://a_b-c.example", "a_b-c.example", "/beta", "a_b-c.example", 443},
    };
    for (auto const& row : rows) {
        BOOST_TEST_CONTEXT(row.url) {
            auto const answer = allot::parse_graph_url(row.url);
            BOOST_TEST_REQUIRE(answer.has_value());
            BOOST_TEST(answer->host == row.host);
            BOOST_TEST(answer->base_path == row.base_path);
            BOOST_TEST(answer->host_field == row.host_field);
            BOOST_TEST(answer->port == row.port);
        }
    }
}

BOOST_AUTO_TEST_CASE(urls_that_are_refused) {
    struct {
        std::string_view url, rule;
    } const rows[] = {
        {"", "not a URL"},
        {"graph.microsoft.com", "not a URL"},
        {"https://h ost", "not a URL"},
        {"https://host\r\nX: y", "not a URL"},
        {"https://m\xc3\xbcnchen.example", "not a URL"},
        {"https:/beta", "no host"},
        {"https://", "no host"},
        {"https://:8443", "no host"},
        {"https://h?x=1", "query"},
        {"https://h/?", "query"},
        {"https://h#x", "fragment"},
        {"https://h%0d%0aX:y", "the host must be"},
        {"https://h%00", "the host must be"},
        {"https://a..b", "the host must be"},
        {"https://10.0.0.1.example", "the host must be"},
        {"https://graph.microsoft.com.", "the host must be"},
        {"https://*.example", "the host must be"},
        {"https://[v1.x]", "the host must be"},
        {"https://h:0", "port"},
        {"https://h:65536", "port"},
        {"https://h/v1.0", "beta version only"},
        {"https://h/gw/v1.0/", "beta version only"},
    };
    for (auto const& row : rows)
        BOOST_TEST_CONTEXT(row.url) {
            check_refused(allot::parse_graph_url(row.url), "graph_url ", row.rule);
        }
    BOOST_TEST(allot::parse_graph_url("https://" + std::string(64, 'a')).has_error());
    BOOST_TEST(allot::parse_graph_url("https://" + std::string(63, 'a')).has_value());
    std::string labels;
    while (labels.size() < 252)
        labels += "a.";
    BOOST_TEST(allot::parse_graph_url("https://" + labels + "a").has_value());
    BOOST_TEST(allot::parse_graph_url("https://" + labels + "aa").has_error());
}

BOOST_AUTO_TEST_CASE(row_17_only_https) {
    for (std::string const rest :
         {"://h/token", "://127.0.0.1/token", "://[::1]:80/token", "://localhost/token"})
        for (std::string const scheme : {"http", "HTTP", "ftp", "ws", "httpss", "http+unix"})
            BOOST_TEST_CONTEXT(scheme << rest) {
                check_refused(allot::parse_graph_url(scheme + rest), "graph_url ", "only https");
                check_refused(allot::parse_token_url(scheme + rest), "token_url ", "only https");
            }
    BOOST_TEST(allot::parse_graph_url("HTTPS://h/token").has_value());
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_value_but_no_password) {
    auto const plain = allot::parse_graph_url("http://graph.example");
    BOOST_TEST(plain.error().message.find("\"http://graph.example\"") != std::string::npos);
    for (std::string_view const url :
         {"https://me:hunter2@h", "http://me:hunter2@h", "https://me:hunter2 @h"}) {
        auto const answer = allot::parse_graph_url(url);
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST(answer.error().message.find("hunter2") == std::string::npos);
    }
    check_refused(allot::parse_graph_url("https://me@h"), "graph_url ", "user info");
    auto const hostile = allot::parse_graph_url("http://\x1b[31m" + std::string(9999, 'x'));
    BOOST_TEST(hostile.error().message.find('\x1b') == std::string::npos);
    BOOST_TEST(hostile.error().message.size() < 400u);
}

BOOST_AUTO_TEST_CASE(token_url_keeps_its_path) {
    auto const answer =
        allot::parse_token_url("https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token");
    BOOST_TEST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->host == "login.microsoftonline.com");
    BOOST_TEST(answer->base_path == "/contoso.com/oauth2/v2.0/token");
    BOOST_TEST(allot::parse_token_url("https://h/beta/")->base_path == "/beta/");
    check_refused(allot::parse_token_url("https://h"), "token_url ", "path is missing");
    check_refused(allot::parse_token_url("https://h/"), "token_url ", "path is missing");
    check_refused(allot::parse_token_url("https://h/token?x"), "token_url ", "query");
}

BOOST_AUTO_TEST_CASE(urls_on_this_machine) {
    struct {
        std::string_view url;
        std::string host, path, host_field;
        int port;
    } const rows[] = {
        {"http://localhost:42356/msi/token", "localhost", "/msi/token", "localhost:42356", 42356},
        {"http://LocalHost/x", "localhost", "/x", "localhost", 80},
        {"http://127.0.0.1:41741/MSI/token/", "127.0.0.1", "/MSI/token/", "127.0.0.1:41741", 41741},
        {"http://127.255.255.255", "127.255.255.255", "", "127.255.255.255", 80},
        {"http://169.254.169.254:80", "169.254.169.254", "", "169.254.169.254", 80},
        {"http://169.254.129.2:443/t", "169.254.129.2", "/t", "169.254.129.2:443", 443},
        {"http://172.16.0.4:8081/t", "172.16.0.4", "/t", "172.16.0.4:8081", 8081},
        {"http://172.31.255.255/t", "172.31.255.255", "/t", "172.31.255.255", 80},
        {"http://[::1]:8081/t", "::1", "/t", "[::1]:8081", 8081},
        {"http://[fe80::1]/t", "fe80::1", "/t", "[fe80::1]", 80},
        {"http://[febf::1]/t", "febf::1", "/t", "[febf::1]", 80},
    };
    for (auto const& row : rows) {
        auto const answer = allot::parse_local_url("endpoint", row.url);
        BOOST_TEST_REQUIRE(answer.has_value(), row.url);
        BOOST_TEST(answer->host == row.host);
        BOOST_TEST(answer->base_path == row.path);
        BOOST_TEST(answer->host_field == row.host_field);
        BOOST_TEST(answer->port == row.port);
    }
}

BOOST_AUTO_TEST_CASE(other_urls_are_not_local) {
    struct {
        std::string_view url, rule;
    } const rows[] = {
        {"", "not a URL"},
        {"localhost:80", "only http to this machine"},
        {"https://localhost/x", "only http to this machine"},
        {"http:/x", "no host"},
        {"http://localhost/?a=b", "query"},
        {"http://localhost/#a", "fragment"},
        {"http://u:p@localhost/", "user info"},
        {"http://localhost:0/", "leave it out for 80"},
        {"http://localhost./", "the host must be"},
        {"http://localhost.example/", "this machine alone"},
        {"http://127.0.0.1.example/", "the host must be"},
        {"http://127.0.0.1x", "the host must be"},
        {"http://example.com/", "this machine alone"},
        {"http://128.0.0.1/", "this machine alone"},
        {"http://0.0.0.0/", "this machine alone"},
        {"http://10.0.0.1/", "this machine alone"},
        {"http://172.32.0.4/", "this machine alone"},
        {"http://172.15.0.4/", "this machine alone"},
        {"http://169.255.0.1/", "this machine alone"},
        {"http://192.0.2.1/", "this machine alone"},
        {"http://2130706433/", "this machine alone"},
        {"http://[::]/", "this machine alone"},
        {"http://[::2]/", "this machine alone"},
        {"http://[fec0::1]/", "this machine alone"},
        {"http://[::ffff:127.0.0.1]/", "this machine alone"},
        {"http://[::ffff:192.0.2.1]/", "this machine alone"},
    };
    for (auto const& row : rows) {
        auto const answer = allot::parse_local_url("endpoint", row.url);
        BOOST_TEST_REQUIRE(!answer.has_value(), row.url);
        BOOST_TEST((answer.error().code == allot::errc::invalid_params));
        BOOST_TEST(answer.error().message.starts_with("endpoint "), answer.error().message);
        BOOST_TEST(answer.error().message.find(row.rule) != std::string::npos, answer.error().message);
    }
}

BOOST_AUTO_TEST_SUITE_END()
