#include "simulator/message.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

namespace allot::simulation {
namespace {

/// Sat, 21 Mar 2026 10:17:05 UTC.
constexpr instant moment{{}, std::chrono::system_clock::time_point(std::chrono::seconds(1'774'088'225))};

std::string answer(reply const& value, bool keep_alive = true, bool head_only = false) {
    std::string out;
    append_answer(out, value, moment, keep_alive, head_only);
    return out;
}

reply with_body(unsigned status, std::string text) {
    return {status, {{"A", "1"}}, std::make_shared<std::string const>(std::move(text))};
}

BOOST_AUTO_TEST_SUITE(message_suite)

BOOST_AUTO_TEST_CASE(dates) {
    BOOST_TEST(http_date(moment.wall) == "Sat, 21 Mar 2026 10:17:05 GMT");
    BOOST_TEST(graph_date(moment.wall) == "2026-03-21T10:17:05");
    BOOST_TEST(http_date({}) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

BOOST_AUTO_TEST_CASE(answers_in_http_form) {
    BOOST_TEST(
        answer(with_body(200, "hello")) ==
        "HTTP/1.1 200 OK\r\nA: 1\r\nDate: Sat, 21 Mar 2026 10:17:05 GMT\r\n"
        "Content-Length: 5\r\n\r\nhello");
    BOOST_TEST(
        answer({503, {}, nullptr}, false) ==
        "HTTP/1.1 503 Service Unavailable\r\nDate: Sat, 21 Mar 2026 10:17:05 GMT\r\n"
        "Content-Length: 0\r\nConnection: close\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(no_body_where_http_has_none) {
    auto const nothing = "HTTP/1.1 204 No Content\r\nA: 1\r\nDate: Sat, 21 Mar 2026 10:17:05 GMT\r\n\r\n";
    BOOST_TEST(answer(with_body(204, "x")) == nothing);
    auto const head = answer(with_body(200, "hello"), true, true);
    BOOST_TEST(head.ends_with("Content-Length: 5\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(given_fields_win) {
    reply value{200, {{"date", "x"}, {"CONTENT-LENGTH", "9"}, {"connection", "y"}}, nullptr};
    BOOST_TEST(
        answer(value, false) == "HTTP/1.1 200 OK\r\ndate: x\r\nCONTENT-LENGTH: 9\r\nconnection: y\r\n\r\n");
    value.fields = {{"Transfer-Encoding", "chunked"}};
    BOOST_TEST(answer(value).find("Content-Length") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(fields_by_name_without_case) {
    request const what{"GET", "/a?b=1", {{"Host", "h"}, {"X-One", "1"}, {"x-one", "2"}}, {}, true};
    BOOST_TEST(what.find("x-ONE").value() == "1");
    BOOST_TEST(!what.find("y"));
    BOOST_TEST(what.path() == "/a");
    BOOST_TEST(what.query() == "b=1");
    auto fields = what.fields;
    remove_field(fields, "X-ONE");
    BOOST_TEST((fields == std::vector<field>{{"Host", "h"}}));
}

BOOST_AUTO_TEST_CASE(percent_decoding) {
    BOOST_TEST(percent_decode("a%20b%2Fc%40+").value() == "a b/c@+");
    BOOST_TEST(percent_decode("a+b%2b", true).value() == "a b+");
    BOOST_TEST(percent_decode("%00").value() == std::string(1, '\0'));
    for (auto const* bad : {"%", "%2", "%zz", "a%4", "%-1"})
        BOOST_TEST(!percent_decode(bad));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
