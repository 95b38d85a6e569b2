#include "unit/protocol/http_answers.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace {

using namespace allot::test;
using allot::errc;
using allot::read_status;
using allot::response_reader;

}

BOOST_AUTO_TEST_SUITE(http_framing)

BOOST_AUTO_TEST_CASE(transfer_encoding_other_than_exactly_chunked) {
    for (std::string_view const value :
         {"gzip, chunked", "chunked, gzip", "identity", "gzip", "chunked,", "xchunked", "chunked;q=1",
          "\"chunked\"", "", "chunked, chunked"})
        check_refused(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + std::string(value) + "\r\n\r\n1\r\nx\r\n0\r\n\r\n");
    check_refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
    check_refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
                  "identity\r\n\r\n1\r\nx\r\n0\r\n\r\n");
    check_refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx");
    check_reason("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "not exactly \"chunked\"");
}

BOOST_AUTO_TEST_CASE(transfer_encoding_on_http_1_0) {
    check_refused("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
    check_reason("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.0");
}

BOOST_AUTO_TEST_CASE(obs_fold) {
    for (std::string_view const fields :
         {"X: a\r\n b\r\n", "X: a\r\n\tb\r\n", "X:\r\n b\r\n", "X: \r\n \r\n", "X: a\r\n \r\n",
          "X:\r\n \r\n b\r\n"}) {
        check_refused("HTTP/1.1 200 OK\r\n" + std::string(fields) + "Content-Length: 0\r\n\r\n");
        check_refused("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + std::string(fields) + "\r\n");
        check_refused(chunked("0\r\n" + std::string(fields) + "\r\n"));
    }
    check_refused("HTTP/1.1 200 OK\r\n X: a\r\nContent-Length: 0\r\n\r\n");
    check_reason("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", "obs-fold");
}

BOOST_AUTO_TEST_CASE(chunk_extensions_up_to_256_bytes) {
    check_good(chunked("1;" + std::string(255, 'e') + "\r\nx\r\n0\r\n\r\n"), 200, "x");
    check_refused(chunked("1;" + std::string(256, 'e') + "\r\nx\r\n0\r\n\r\n"));
    check_good(chunked("1\r\nx\r\n0;" + std::string(255, 'e') + "\r\n\r\n"), 200, "x");
    check_refused(chunked("1\r\nx\r\n0;" + std::string(256, 'e') + "\r\n\r\n"));
    check_refused(chunked("1;" + std::string(5000, 'e')));
    check_refused(chunked(std::string(5000, '0')));
    check_good(chunked("0000000000000001\r\nx\r\n0\r\n\r\n"), 200, "x");
    check_refused(chunked("00000000000000001\r\nx\r\n0\r\n\r\n"));
    check_refused(chunked("1;a=\"\r\nx\r\n0\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(bad_chunks) {
    for (std::string_view const rest :
         {"x\r\n\r\n\r\n", "\r\n\r\n\r\n", "-1\r\nx\r\n0\r\n\r\n", "1 \r\nx\r\n0\r\n\r\n",
          "0x1\r\nx\r\n0\r\n\r\n", "1\r\nxy\r\n0\r\n\r\n", "1\r\nx0\r\n\r\n\r\n", "1\nx\r\n0\r\n\r\n",
          "1;\r\nx\r\n0\r\n\r\n", "1\rx\r\n0\r\n\r\n"})
        check_refused(chunked(rest));
}

BOOST_AUTO_TEST_CASE(chunk_size_overflow) {
    check_refused(chunked("10000000000000001\r\nx\r\n0\r\n\r\n"));
    check_refused(chunked("FFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n"));
    check_refused(chunked("FFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n"), errc::response_too_large);
    check_refused(chunked("1\r\nx\r\nFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n"), errc::response_too_large);
}

BOOST_AUTO_TEST_CASE(row_14_fields_up_to_32_kib) {
    auto const with_fields = [](std::size_t size) {
        std::string out = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
        return out + std::string(size - out.size() - 4, 'x') + "\r\n\r\n";
    };
    check_good(with_fields(response_reader::field_limit), 200, "");
    check_refused(with_fields(response_reader::field_limit + 1), errc::response_too_large);
    check_refused("HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 'x'), errc::response_too_large);
    check_refused("HTTP/1.1 200 " + std::string(200'000, 'x'), errc::response_too_large);
    std::string many = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
    while (many.size() <= response_reader::field_limit)
        many += "X: y\r\n";
    check_refused(many + "\r\n", errc::response_too_large);
    check_refused(many, errc::response_too_large);
}

BOOST_AUTO_TEST_CASE(trailers_count_as_fields) {
    auto const before = chunked("").size();
    auto const with_trailers = [&](std::size_t size) {
        return chunked("1\r\nx\r\n0\r\nX: " + std::string(size - before - 7, 'x') + "\r\n\r\n");
    };
    check_good(with_trailers(response_reader::field_limit), 200, "x");
    check_refused(with_trailers(response_reader::field_limit + 1), errc::response_too_large);
    check_refused(chunked("0\r\nX: " + std::string(200'000, 'x')), errc::response_too_large);
    std::string many = "0\r\n";
    for (int i = 0; i != 10'000; ++i)
        many += "X: y\r\n";
    check_refused(chunked(many), errc::response_too_large);
}

BOOST_AUTO_TEST_CASE(trailers_never_join_the_fields) {
    check_good(chunked("1\r\nx\r\n0\r\nRetry-After: 1\r\nSet-Cookie: t\r\n\r\n"), 200, "x");
    response_reader reader;
    feed(
        reader,
        "HTTP/1.1 429 x\r\nSet-Cookie: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nRetry-After: 1\r\n\r\n");
    BOOST_TEST((now(reader) == read_status::done));
    BOOST_TEST(reader.field("Retry-After") == "");
    BOOST_TEST(reader.field("Set-Cookie") == "a");
    check_refused(chunked("0\r\nContent-Length: 1\r\n\r\n"));
    check_refused(chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n"));
    check_refused(chunked("0\r\nbad name: x\r\n\r\n"));
    check_good(chunked("0\r\nConnection: close\r\n\r\n"), 200, "", false);
}

BOOST_AUTO_TEST_CASE(status_101_switching_protocols) {
    check_refused("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n");
    check_reason("HTTP/1.1 101 x\r\n\r\n", "101");
}

BOOST_AUTO_TEST_CASE(a_body_on_204_304_and_1xx) {
    for (std::string_view const status : {"204", "304", "100"}) {
        auto const line = "HTTP/1.1 " + std::string(status) + " x\r\n";
        check_refused(line + "Content-Length: 1\r\n\r\nx");
        check_refused(line + "Content-Length: 1\r\n\r\n");
        check_refused(line + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        check_refused(line + "Transfer-Encoding: chunked\r\n\r\n");
        check_refused(line + "\r\nx!");
    }
    check_reason("HTTP/1.1 204 x\r\nContent-Length: 1\r\n\r\n", "204");
}

BOOST_AUTO_TEST_CASE(bytes_left_after_the_body) {
    check_refused("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy");
    check_refused("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    check_refused(chunked("0\r\n\r\n\r\n"));
    check_refused("HTTP/1.1 204 No Content\r\n\r\n0\r\n\r\n");
    check_reason("HTTP/1.1 204 No Content\r\n\r\nx", "after the end");
}

BOOST_AUTO_TEST_CASE(a_body_that_only_the_end_of_the_stream_delimits) {
    check_refused("HTTP/1.1 200 OK\r\n\r\n");
    check_refused("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello");
    check_refused("HTTP/1.0 200 OK\r\n\r\nhello");
    check_reason("HTTP/1.1 200 OK\r\n\r\n", "delimits");
}

BOOST_AUTO_TEST_CASE(row_14_interim_answers_are_skipped_up_to_8) {
    std::string const final = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    std::string stream;
    for (int i = 0; i != response_reader::interim_limit; ++i)
        stream +=
            i % 2 == 0 ? "HTTP/1.1 100 Continue\r\n\r\n" : "HTTP/1.1 103 Hints\r\nSet-Cookie: early\r\n\r\n";
    check_good(stream + final, 200, "x");
    BOOST_TEST(read_whole(stream + final).cookies.empty());
    check_refused(stream + "HTTP/1.1 102 x\r\n\r\n" + final, errc::response_too_large);
    response_reader reader;
    feed(reader, "HTTP/1.1 100 Continue\r\n\r\n");
    BOOST_TEST((now(reader) == read_status::more));
    BOOST_TEST(reader.status() == 0);
    BOOST_TEST(reader.started());
}

BOOST_AUTO_TEST_CASE(a_connection_is_used_again_only_after_an_exact_end) {
    std::string const answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    for (std::string const& stream : {answer, chunked("1\r\nx\r\n0\r\n\r\n")}) {
        check_good(stream, 200, "x");
        response_reader reader;
        for (char const& byte : stream) {
            BOOST_TEST(!reader.reusable());
            feed(reader, {&byte, 1});
        }
        BOOST_TEST(reader.reusable());
        feed(reader, "H");
        BOOST_TEST(!reader.reusable());
        reader.reset();
        feed(reader, stream);
        reader.end_of_stream(true);
        BOOST_TEST(!reader.reusable());
    }
}

BOOST_AUTO_TEST_CASE(reuse_follows_version_and_connection_field) {
    check_good("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 200, "", false);
    check_good("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n", 200, "", false);
    check_good("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", 200, "");
    check_good("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", false);
    check_good("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", 200, "");
}

BOOST_AUTO_TEST_CASE(content_codings) {
    check_refused("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx");
    check_refused("HTTP/1.1 200 OK\r\nContent-Encoding: identity, br\r\nContent-Length: 1\r\n\r\nx");
    check_refused("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: "
                  "identity\r\nContent-Length: 1\r\n\r\nx");
    check_reason(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\n", "Content-Encoding");
}

BOOST_AUTO_TEST_CASE(versions_other_than_1_0_and_1_1) {
    for (std::string_view const version :
         {"HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/1", "http/1.1", "ICY", "SSH-2.0-x", "HTTP/1.1x",
          "\x16\x03\x01\x01"})
        check_refused(std::string(version) + " 200 OK\r\nContent-Length: 0\r\n\r\n");
    check_reason("HTTP/2.0 200 OK\r\n", "HTTP/1.1");
}

BOOST_AUTO_TEST_CASE(statuses) {
    for (std::string_view const status : {"20", "2000", "2x0", "-20", "099", "600", "999", ""})
        check_refused("HTTP/1.1 " + std::string(status) + " OK\r\nContent-Length: 0\r\n\r\n");
    check_good("HTTP/1.1 599 x\r\nContent-Length: 0\r\n\r\n", 599, "");
}

BOOST_AUTO_TEST_CASE(content_length_with_transfer_encoding) {
    check_refused("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    check_refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n");
    check_refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(conflicting_and_bad_content_lengths) {
    check_refused("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx");
    for (std::string_view const value :
         {"1, 2", "+1", "-1", "0x1", "1 1", "1,", "", "1e0", "18446744073709551616", "1\t1", "\"1\""})
        check_refused("HTTP/1.1 200 OK\r\nContent-Length: " + std::string(value) + "\r\n\r\nxx");
}

BOOST_AUTO_TEST_CASE(bare_lf_cr_and_nul) {
    check_refused("HTTP/1.1 200 OK\nContent-Length: 0\n\n");
    check_refused("HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n");
    check_refused("HTTP/1.1 200 OK\r\nX: a\nContent-Length: 0\r\n\r\n");
    check_refused("HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 0\r\n\r\n");
    check_refused("HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n");
    check_refused("HTTP/1.1 200 OK\r\rContent-Length: 0\r\n\r\n");
    using std::string_view_literals::operator""sv;
    check_refused("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n"sv);
    check_refused("HTTP/1.1 200 OK\r\nX\0: a\r\nContent-Length: 0\r\n\r\n"sv);
    check_refused("HTTP/1.1 200 \0\r\nContent-Length: 0\r\n\r\n"sv);
    check_refused("\n"sv);
    // Nothing more needs to come to know it.
    check_refused("HTTP/1.1 200 OK\r\nX: a\rb"sv);
    check_refused("HTTP/1.1 200 OK\r\nX: a\nb"sv);
    check_refused("HTTP/1.1 200 OK\r\nX: a\0b"sv);
}

BOOST_AUTO_TEST_CASE(bad_field_names) {
    for (std::string_view const line :
         {"X : a", ": a", "X", "X y: a", "X\t: a", "(X): a", "\x7f: a", "X: \x7f"})
        check_refused("HTTP/1.1 200 OK\r\n" + std::string(line) + "\r\nContent-Length: 0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(row_14_the_body_limit_holds_before_the_body) {
    check_good("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nxxxx", 200, "xxxx");
    auto const limited = [](std::string_view bytes) { return read_all_ways(bytes, 4); };
    BOOST_TEST((limited("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nxxxx").state == read_status::done));
    BOOST_TEST((limited(chunked("2\r\nxx\r\n2\r\nxx\r\n0\r\n\r\n")).state == read_status::done));
    check_refused("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", errc::response_too_large, 4);
    check_refused("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n", errc::response_too_large, 4);
    check_refused(chunked("5\r\n   "), errc::response_too_large, 4);
    check_refused(chunked("2\r\nxx\r\n3\r\n   "), errc::response_too_large, 4);
    check_refused(chunked("3\r\nxxx\r\n2\r\n   "), errc::response_too_large, 4);
}

BOOST_AUTO_TEST_CASE(each_answer_can_have_another_body_limit) {
    response_reader reader(4);
    auto const five = [&reader] {
        feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nxxxxx");
        return seen(reader, now(reader));
    };
    BOOST_TEST(five().error == make_error_code(errc::response_too_large));
    reader.reset(5, allot::content_coding::identity);
    BOOST_TEST(five().body == "xxxxx");
    reader.reset();
    BOOST_TEST(five().body == "xxxxx");
    reader.reset(4, allot::content_coding::identity);
    BOOST_TEST(five().error == make_error_code(errc::response_too_large));
}

BOOST_AUTO_TEST_SUITE_END()
