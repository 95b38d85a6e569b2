#include "unit/protocol/http_answers.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace allot::test;
using allot::errc;
using allot::read_status;
using allot::response_reader;

}

BOOST_AUTO_TEST_SUITE(http_response)

BOOST_AUTO_TEST_CASE(answers_with_a_length) {
    check_good("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello");
    check_good("HTTP/1.1 200 \r\ncontent-length:0\r\n\r\n", 200, "");
    check_good("HTTP/1.1 404 Not Found\r\nContent-Length: 2, 2\r\n\r\nno", 404, "no");
    check_good("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 200, "x");
    check_good("HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 1\r\n\r\nx", 200, "x");
    check_good("HTTP/1.1 204 No Content\r\n\r\n", 204, "");
    check_good("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, "");
    check_good("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", 304, "");
}

BOOST_AUTO_TEST_CASE(answers_in_chunks) {
    check_good(chunked("0\r\n\r\n"), 200, "");
    check_good(chunked("5\r\nhello\r\n0\r\n\r\n"), 200, "hello");
    check_good(
        chunked("05;a=b;c=\"d e\"\r\nhello\r\nA\r\n0123456789\r\n000\r\n\r\n"), 200, "hello0123456789");
    check_good("HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\n\r\n1\r\nx\r\n0\r\n\r\n", 200, "x");
    std::string many;
    for (int i = 0; i != 100; ++i)
        many += "1\r\nx\r\n";
    check_good(chunked(many + "0\r\n\r\n"), 200, std::string(100, 'x'));
}

BOOST_AUTO_TEST_CASE(content_is_there_as_it_comes) {
    response_reader reader;
    feed(reader, chunked(""));
    std::string sent;
    for (std::string_view const piece : {"6\r\nhe", "ll", "o", "!", "\r\n1\r\n"}) {
        feed(reader, piece);
        for (char const c : piece)
            if (std::string_view("helo!").find(c) != std::string_view::npos)
                sent += c;
        BOOST_TEST(reader.body() == sent);
    }
}

BOOST_AUTO_TEST_CASE(a_large_body_arrives_whole) {
    std::string body;
    for (int i = 0; i != 30'000; ++i)
        body += std::to_string(i) + ',';
    auto const got = read_all_ways(
        "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    BOOST_TEST((got.body == body));
    std::string pieces;
    for (std::string_view rest = body; !rest.empty();) {
        auto const piece = rest.substr(0, 15);
        pieces += "0123456789abcdef"[piece.size()] + ("\r\n" + std::string(piece)) + "\r\n";
        rest.remove_prefix(piece.size());
    }
    response_reader reader;
    auto const stream = chunked(pieces + "0\r\n\r\n");
    for (std::size_t at = 0; at < stream.size(); at += 777)
        feed(reader, std::string_view(stream).substr(at, 777));
    BOOST_TEST((now(reader) == read_status::done));
    BOOST_TEST((reader.body() == body));
}

BOOST_AUTO_TEST_CASE(fields_are_found_in_any_case_and_in_order) {
    response_reader reader;
    feed(
        reader,
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 10\r\nSet-Cookie: a\r\nrequest-id:\t x y \t\r\n"
        "SET-COOKIE: b\r\nEmpty:\r\nContent-Length: 2\r\n\r\n{}");
    BOOST_TEST(reader.status() == 429);
    BOOST_TEST(reader.field("retry-after") == "10");
    BOOST_TEST(reader.field("Request-Id") == "x y");
    BOOST_TEST(reader.field("set-cookie") == "a");
    BOOST_TEST(reader.field("empty") == "");
    BOOST_TEST(reader.field("absent") == "");
    std::vector<std::string> cookies;
    reader.for_each_field("Set-Cookie", [&](std::string_view value) { cookies.emplace_back(value); });
    BOOST_TEST(cookies == (std::vector<std::string>{"a", "b"}));
    reader.for_each_field("absent", [](std::string_view) { BOOST_ERROR("there is no such field"); });
}

BOOST_AUTO_TEST_CASE(a_stream_that_ends_early) {
    for (std::string const& stream :
         {std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
          chunked("5\r\nhello\r\n0\r\nX: y\r\n\r\n"),
          std::string("HTTP/1.1 100 x\r\n\r\nHTTP/1.1 204 x\r\n\r\n")})
        for (bool const clean : {false, true})
            for (std::size_t size = 0; size != stream.size(); ++size) {
                response_reader reader;
                feed(reader, std::string_view(stream).substr(0, size));
                BOOST_TEST_REQUIRE((now(reader) == read_status::more));
                BOOST_TEST(reader.started() == (size != 0));
                BOOST_TEST_REQUIRE((reader.end_of_stream(clean) == read_status::failed));
                BOOST_TEST(reader.error() == make_error_code(errc::connection_lost));
                BOOST_TEST(!reader.reason().empty());
                BOOST_TEST(!reader.reusable());
            }
}

BOOST_AUTO_TEST_CASE(the_end_after_a_complete_answer_changes_only_reuse) {
    for (bool const clean : {false, true}) {
        response_reader reader;
        feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        BOOST_TEST(reader.reusable());
        BOOST_TEST((reader.end_of_stream(clean) == read_status::done));
        BOOST_TEST(!reader.error());
        BOOST_TEST(reader.body() == "x");
        BOOST_TEST(!reader.reusable());
        reader.reset();
        feed(reader, "HTTP/1.1 204 x\r\n\r\n");
        BOOST_TEST(reader.reusable());
    }
    response_reader refused;
    feed(refused, "SMTP");
    BOOST_TEST((refused.end_of_stream(true) == read_status::failed));
    BOOST_TEST(refused.error() == make_error_code(errc::malformed_response));
}

BOOST_AUTO_TEST_CASE(one_reader_for_many_answers) {
    response_reader reader;
    auto const* const memory = reader.prepare().data();
    for (int round = 0; round != 5; ++round) {
        BOOST_TEST(!reader.started());
        feed(
            reader,
            "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a\r\nContent-Length: 5\r\n\r\nhello");
        BOOST_TEST((seen(reader, now(reader)) == outcome{read_status::done, {}, 200, "hello", {"a"}, true}));
        reader.reset();
        feed(reader, chunked("2\r\nhi\r\n0\r\n\r\n"));
        BOOST_TEST((seen(reader, now(reader)) == outcome{read_status::done, {}, 200, "hi", {}, true}));
        reader.reset();
        feed(reader, "HTTP/1.1 103 x\r\nContent-Encoding: gzip\r\n\r\nHTTP/1.1 204 x\r\n\r\n");
        BOOST_TEST((now(reader) == read_status::done));
        reader.reset();
        feed(reader, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n");
        feed(reader, "Content-Length: 1\r\n\r\nx");
        BOOST_TEST(reader.error() == make_error_code(errc::malformed_response));
        reader.reset();
        BOOST_TEST(!reader.error());
        BOOST_TEST(reader.reason() == "");
        BOOST_TEST(reader.status() == 0);
        BOOST_TEST(reader.field("Set-Cookie") == "");
        BOOST_TEST(reader.body() == "");
        BOOST_TEST(static_cast<void const*>(reader.prepare().data()) == static_cast<void const*>(memory));
    }
}

BOOST_AUTO_TEST_CASE(chunk_framing_takes_no_memory) {
    response_reader reader;
    feed(reader, chunked(""));
    for (int i = 0; i != 10'000; ++i)
        feed(reader, "1;extension\r\nx\r\n");
    feed(reader, "0\r\n\r\n");
    BOOST_TEST((now(reader) == read_status::done));
    BOOST_TEST((reader.body() == std::string(10'000, 'x')));
    BOOST_TEST(reader.prepare().size() <= 32u * 1024);
}

BOOST_AUTO_TEST_CASE(a_large_answer_does_not_hold_its_memory_for_ever) {
    response_reader reader;
    feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n" + std::string(500'000, 'x'));
    BOOST_TEST((now(reader) == read_status::done));
    reader.reset();
    BOOST_TEST(reader.prepare().size() <= 64u * 1024);
}

BOOST_AUTO_TEST_SUITE_END()
