#include "simulator/request_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace allot::simulation {
namespace {

using state = request_reader::state;

constexpr std::string_view get = "GET /a?b HTTP/1.1\r\nHost: h\r\nX-One:  1 \r\n\r\n";
constexpr std::string_view post = "POST /t HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";

BOOST_AUTO_TEST_SUITE(request_reader_suite)

BOOST_AUTO_TEST_CASE(one_request) {
    request_reader reader;
    BOOST_TEST((reader.next() == state::incomplete));
    reader.append(get);
    BOOST_TEST((reader.next() == state::complete));
    auto const& got = reader.current();
    BOOST_TEST(got.method == "GET");
    BOOST_TEST(got.target == "/a?b");
    BOOST_TEST((got.fields == std::vector<field>{{"Host", "h"}, {"X-One", "1"}}));
    BOOST_TEST(got.keep_alive);
    BOOST_TEST((reader.next() == state::incomplete));
}

BOOST_AUTO_TEST_CASE(byte_by_byte_and_back_to_back) {
    auto const stream = std::string(get) + std::string(post) + std::string(get);
    for (std::size_t const piece : {std::size_t(1), std::size_t(7), stream.size()}) {
        request_reader reader;
        std::string seen;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            reader.append(std::string_view(stream).substr(at, piece));
            while (reader.next() == state::complete)
                seen += reader.current().method + '[' + reader.current().body + ']';
        }
        BOOST_TEST(seen == "GET[]POST[hello]GET[]");
    }
}

BOOST_AUTO_TEST_CASE(chunked_body_and_connection_close) {
    request_reader reader;
    reader.append("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
    BOOST_TEST((reader.next() == state::complete));
    BOOST_TEST(reader.current().body == "abc");
    BOOST_TEST(!reader.current().keep_alive);
}

BOOST_AUTO_TEST_CASE(malformed) {
    for (std::string const text :
         {"\x16\x03\x01\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
          "GET /\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"}) {
        request_reader reader;
        reader.append(text);
        BOOST_TEST((reader.next() == state::malformed), text);
    }
}

BOOST_AUTO_TEST_CASE(limits) {
    request_reader reader;
    reader.append("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(60'000, 'x') + "\r\n\r\n");
    BOOST_TEST((reader.next() == state::complete));
    reader.append("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(70'000, 'x'));
    BOOST_TEST((reader.next() == state::malformed));
    request_reader body;
    body.append("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n");
    BOOST_TEST((body.next() == state::malformed));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
