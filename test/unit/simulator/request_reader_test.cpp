#include "simulator/request_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace allot::simulation {
namespace {

using state = request_reader::state;

constexpr std::string_view get = "GET /a?b HTTP/1.1\r\nHost: h\r\nX-One:  1 \r\n\r\n";
constexpr std::string_view post = "POST /t HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
constexpr std::string_view chunked = "PUT /t HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                     "2;a=b\r\nab\r\n05\r\ncdefg\r\n0\r\nX: y\r\n\r\n";

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
    std::string const empty = "PUT /e HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    auto const stream =
        std::string(get) + std::string(post) + std::string(get) + std::string(chunked) + empty;
    for (std::size_t const piece : {std::size_t(1), std::size_t(7), stream.size()}) {
        request_reader reader;
        std::string seen;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            reader.append(std::string_view(stream).substr(at, piece));
            while (reader.next() == state::complete)
                seen += reader.current().method + '[' + reader.current().body + ']';
            // Nothing new has come: half a record of TLS, say.
            BOOST_TEST((reader.next() == state::incomplete));
        }
        BOOST_TEST(seen == "GET[]POST[hello]GET[]PUT[abcdefg]PUT[]");
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

// Beast alone keeps the line of a chunk, and trailers, without a limit.
BOOST_AUTO_TEST_CASE(chunks_do_not_make_it_keep_what_it_is_sent) {
    std::string const begin = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::string const line : {"1;", "00000000", "0\r\nX: "})
        for (std::size_t const piece : {std::size_t(1'000), std::size_t(200'000)}) {
            request_reader reader;
            reader.append(begin + line);
            auto seen = reader.next();
            std::size_t sent = 0;
            for (; seen == state::incomplete && sent < 200'000; sent += piece) {
                reader.append(std::string(piece, '0'));
                seen = reader.next();
            }
            BOOST_TEST((seen == state::malformed), line);
            BOOST_TEST(sent <= std::max(piece, std::size_t(67'000)));
        }
}

BOOST_AUTO_TEST_CASE(trailers_never_join_the_fields) {
    request_reader reader;
    reader.append("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "0\r\nAuthorization: Bearer x\r\nHost: other\r\n\r\n");
    BOOST_TEST((reader.next() == state::complete));
    BOOST_TEST(reader.current().fields.size() == 2u);
    BOOST_TEST(!reader.current().find("Authorization"));
}

BOOST_AUTO_TEST_CASE(codings_that_hide_the_end_of_the_body) {
    for (std::string const fields :
         {"Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: identity",
          "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\nContent-Length: 3", "Content-Length: 3\r\nContent-Length: 4"}) {
        request_reader reader;
        reader.append("POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n\r\n0\r\n\r\n");
        BOOST_TEST((reader.next() == state::malformed), fields);
    }
}

BOOST_AUTO_TEST_CASE(who_waits_for_100_continue_is_told_once) {
    std::string const head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n";
    request_reader reader;
    BOOST_TEST(!reader.take_continue());
    for (int each = 0; each != 2; ++each) {
        reader.append(head + "Expect: 100-Con");
        BOOST_TEST((reader.next() == state::incomplete));
        BOOST_TEST(!reader.take_continue());
        reader.append("tinue\r\n\r\n");
        BOOST_TEST((reader.next() == state::incomplete));
        BOOST_TEST(reader.take_continue());
        BOOST_TEST(!reader.take_continue());
        reader.append("ab");
        BOOST_TEST((reader.next() == state::complete));
        BOOST_TEST(!reader.take_continue());
    }
    reader.append(head + "\r\n");
    BOOST_TEST((reader.next() == state::incomplete));
    BOOST_TEST(!reader.take_continue());
    request_reader old;
    old.append("POST / HTTP/1.0\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    BOOST_TEST((old.next() == state::incomplete));
    BOOST_TEST(!old.take_continue());
    // Part of the body is there already: nobody waits.
    request_reader eager;
    eager.append(head + "Expect: 100-continue\r\n\r\na");
    BOOST_TEST((eager.next() == state::incomplete));
    BOOST_TEST(!eager.take_continue());
}

BOOST_AUTO_TEST_SUITE_END()

}
}
