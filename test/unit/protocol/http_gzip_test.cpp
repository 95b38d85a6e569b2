#include "support/gzip.hpp"
#include "unit/protocol/http_answers.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace {

using namespace allot::test;
using allot::content_coding;
using allot::errc;
using allot::read_status;
using allot::response_reader;

constexpr auto default_limit = response_reader::default_body_limit;

std::string with_length(std::string_view body, std::string_view fields = "Content-Encoding: gzip\r\n") {
    return "HTTP/1.1 200 OK\r\n" + std::string(fields) + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string(body);
}

/// In chunks of 1, 2, 3 ... bytes.
std::string in_chunks(std::string_view body, std::string_view trailers = "") {
    std::string out = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t size = 1; !body.empty(); ++size) {
        auto const piece = body.substr(0, size);
        char digits[16];
        std::snprintf(digits, sizeof digits, "%zx", piece.size());
        out.append(digits).append("\r\n").append(piece).append("\r\n");
        body.remove_prefix(piece.size());
    }
    return out + "0\r\n" + std::string(trailers) + "\r\n";
}

void check_content(std::string_view bytes, std::string_view content, std::size_t limit = default_limit) {
    BOOST_TEST_CONTEXT(bytes.substr(0, 100)) {
        auto const got = read_all_ways(bytes, limit, content_coding::gzip);
        BOOST_TEST((got.state == read_status::done));
        BOOST_TEST((got.body == content));
        BOOST_TEST(got.reusable);
    }
}

void check_no_content(
    std::string_view bytes, errc code = errc::malformed_response, std::size_t limit = default_limit) {
    check_refused(bytes, code, limit, content_coding::gzip);
}

std::string numbers(std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i != count; ++i)
        out += std::to_string(i) + ',';
    return out;
}

}

BOOST_AUTO_TEST_SUITE(http_gzip)

BOOST_AUTO_TEST_CASE(the_body_is_the_decoded_content) {
    for (auto const& text : {std::string(), std::string("hello"), numbers(5000)}) {
        check_content(with_length(gzip(text)), text);
        check_content(in_chunks(gzip(text)), text);
    }
    check_content(in_chunks(gzip("hello"), "Set-Cookie: late\r\n"), "hello");
    check_content(with_length(gzip("hel") + gzip("lo")), "hello");
}

BOOST_AUTO_TEST_CASE(names_of_the_coding) {
    for (std::string_view const name : {"gzip", "GZIP", "x-gzip", "X-GZip", " gzip\t"})
        check_content(with_length(gzip("hello"), "content-encoding:" + std::string(name) + "\r\n"), "hello");
    for (std::string_view const fields : {"Content-Encoding: identity\r\n", "Content-Encoding:\r\n", ""})
        check_content(with_length("hello", fields), "hello");
    for (std::string_view const name :
         {"br", "deflate", "zstd", "compress", "gzip, gzip", "gzip,", "identity, gzip", "gzip, identity",
          "gzip;q=1", "xgzip", "g zip", "aws-chunked"})
        check_no_content(with_length(gzip("hello"), "Content-Encoding: " + std::string(name) + "\r\n"));
    for (std::string_view const fields :
         {"Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n",
          "Content-Encoding: gzip\r\nContent-Encoding: br\r\n",
          "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n",
          "Content-Encoding: gzip\r\nContent-Encoding: identity\r\n"})
        check_no_content(with_length(gzip("hello"), fields));
}

BOOST_AUTO_TEST_CASE(codings_that_are_not_accepted) {
    for (std::string_view const name : {"gzip", "x-gzip", "br"})
        check_refused(with_length(gzip("hello"), "Content-Encoding: " + std::string(name) + "\r\n"));
    check_reason(with_length(gzip("x")), "no other was asked for");
    response_reader reader(default_limit, content_coding::gzip);
    feed(reader, with_length("x", "Content-Encoding: br\r\n"));
    BOOST_TEST(reader.reason() == "Content-Encoding is neither \"gzip\" nor \"identity\" alone");
    // A transfer coding is another matter.
    check_no_content("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(answers_without_a_body_have_no_coding) {
    for (std::string_view const status : {"204", "304"})
        check_content("HTTP/1.1 " + std::string(status) + " x\r\nContent-Encoding: gzip\r\n\r\n", "");
    check_content("HTTP/1.1 103 x\r\nContent-Encoding: br\r\n\r\n" + with_length("hello", ""), "hello");
    check_content("HTTP/1.1 103 x\r\nContent-Encoding: gzip\r\n\r\n" + with_length("hello", ""), "hello");
    check_content("HTTP/1.1 103 x\r\n\r\n" + with_length(gzip("hello")), "hello");
    check_content(with_length(""), "");
    check_content(in_chunks(""), "");
}

BOOST_AUTO_TEST_CASE(content_that_is_not_what_it_says) {
    auto const good = gzip(numbers(300));
    auto wrong_crc = good;
    wrong_crc[good.size() - 8] = static_cast<char>(~wrong_crc[good.size() - 8]);
    for (auto const& body :
         {std::string("{}"), wrong_crc, good.substr(0, good.size() - 1), good.substr(0, 5), good + "x",
          good + "\r\n", good + good.substr(0, 9)}) {
        check_no_content(with_length(body));
        check_no_content(in_chunks(body));
    }
}

BOOST_AUTO_TEST_CASE(framing_is_checked_as_ever) {
    auto const good = with_length(gzip("hello"));
    check_no_content(good + "x");
    check_no_content(in_chunks(gzip("hello")) + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    check_no_content("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip("hello"));
    auto chunks = in_chunks(gzip(numbers(100)));
    check_no_content(chunks.substr(0, chunks.size() - 7) + "x\r\n\r\n");
    response_reader reader(default_limit, content_coding::gzip);
    feed(reader, std::string_view(good).substr(0, good.size() - 1));
    BOOST_TEST((now(reader) == read_status::more));
    BOOST_TEST((reader.end_of_stream(true) == read_status::failed));
    BOOST_TEST(reader.error() == make_error_code(errc::connection_lost));
}

BOOST_AUTO_TEST_CASE(row_15_limits_hold_for_both_forms) {
    auto const too_large = errc::response_too_large;
    auto const text = numbers(3000);
    auto const body = gzip(text);
    check_content(with_length(body), text, text.size());
    check_content(in_chunks(body), text, text.size());
    check_no_content(with_length(body), too_large, text.size() - 1);
    check_no_content(in_chunks(body), too_large, text.size() - 1);
    // What does not compress: the encoded form is the larger one.
    auto const stored = gzip("hello", 0);
    check_no_content(with_length(stored), too_large, stored.size() - 1);
    check_content(with_length(stored), "hello", stored.size());

    std::string const zeros(16 * 1024 * 1024, '\0');
    auto const bomb = gzip(zeros, 9);
    BOOST_TEST(
        read_whole(with_length(bomb), default_limit, content_coding::gzip).error ==
        make_error_code(too_large));
    constexpr std::size_t page_limit = 20 * 1024 * 1024;
    response_reader reader(page_limit, content_coding::gzip);
    feed(reader, with_length(bomb));
    BOOST_TEST(reader.error() == make_error_code(too_large));
    BOOST_TEST(reader.reason().find("100 times") != std::string_view::npos);
    BOOST_TEST(reader.body().size() < 3u * 1024 * 1024);
}

BOOST_AUTO_TEST_CASE(encoded_bytes_take_no_memory) {
    std::string text;
    unsigned state = 1;
    while (text.size() < 900'000) {
        state = state * 1664525 + 1013904223;
        text += static_cast<char>(state >> 24);
    }
    for (auto const& stream : {with_length(gzip(text)), in_chunks(gzip(text))}) {
        response_reader reader(default_limit, content_coding::gzip);
        for (std::size_t at = 0; at < stream.size(); at += 3000)
            feed(reader, std::string_view(stream).substr(at, 3000));
        BOOST_TEST((now(reader) == read_status::done));
        BOOST_TEST((reader.body() == text));
        BOOST_TEST(reader.prepare().size() <= 32u * 1024);
    }
}

BOOST_AUTO_TEST_CASE(one_reader_for_answers_with_and_without) {
    response_reader reader(default_limit, content_coding::gzip);
    auto read = [&](std::string_view bytes) {
        reader.reset();
        feed(reader, bytes);
        return seen(reader, now(reader));
    };
    outcome const hello{read_status::done, {}, 200, "hello", {}, true};
    for (int round = 0; round != 3; ++round) {
        BOOST_TEST(read(with_length(gzip("hello"))) == hello);
        BOOST_TEST(read(with_length("hello", "")) == hello);
        BOOST_TEST((read(with_length(gzip(numbers(9)).substr(3))).state == read_status::failed));
        BOOST_TEST(reader.body() == "");
        BOOST_TEST(read(in_chunks(gzip("hello"))) == hello);
        BOOST_TEST((read(with_length(gzip(numbers(9000)).substr(0, 90))).state == read_status::failed));
    }
    reader.reset(default_limit, content_coding::identity);
    feed(reader, with_length(gzip("hello")));
    BOOST_TEST(reader.error() == make_error_code(errc::malformed_response));
}

BOOST_AUTO_TEST_SUITE_END()
