#include "protocol/http_response.hpp"
#include "support/gzip.hpp"
#include "support/watched_memory.hpp"
#include "unit/protocol/http_answers.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

using namespace allot::test;
using allot::content_coding;
using allot::response_reader;

namespace {

// Without Boost.Test's own allocations.
bool read_in_pieces(response_reader& reader, std::string_view bytes, std::size_t size) {
    reader.reset();
    auto status = allot::read_status::more;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        auto const piece = bytes.substr(at, size);
        std::memcpy(reader.prepare().data(), piece.data(), piece.size());
        status = reader.commit(piece.size());
    }
    return status == allot::read_status::done;
}

std::string squares(std::size_t least_size) {
    std::string out;
    for (int i = 0; out.size() < least_size; ++i)
        out += std::to_string(i * i) + ",";
    return out;
}

std::string answer(std::string_view text) {
    auto const body = gzip(text);
    return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

}

BOOST_AUTO_TEST_SUITE(gzip_memory)

BOOST_AUTO_TEST_CASE(nothing_is_allocated_from_answer_to_answer) {
    response_reader reader(response_reader::default_body_limit, content_coding::gzip);
    auto const text = squares(60'000);
    auto const large = answer(text);
    auto const small = answer("{\"id\":\"a\"}");
    BOOST_TEST_REQUIRE(read_in_pieces(reader, large, 100));
    for (int round = 0; round != 10; ++round)
        for (auto const* const each : {&small, &large}) {
            bool done = false;
            BOOST_TEST(allocations_of([&] { done = read_in_pieces(reader, *each, 100); }) == 0u);
            BOOST_TEST(done);
        }
    BOOST_TEST((reader.body() == text));
}

BOOST_AUTO_TEST_CASE(no_memory_before_the_first_content_in_gzip) {
    response_reader reader(response_reader::default_body_limit, content_coding::gzip);
    std::string_view const plain = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    auto const of_plain = allocations_of([&] { read_in_pieces(reader, plain, 100); });
    response_reader other;
    BOOST_TEST(allocations_of([&] { read_in_pieces(other, plain, 100); }) == of_plain);
}

BOOST_AUTO_TEST_CASE(memory_that_held_content_is_wiped) {
    std::string const secret = "bWFya2VyLW9mLWEtc2VjcmV0LXRva2Vu";
    std::string text;
    for (int i = 0; i != 2000; ++i)
        text += std::to_string(i) + ",";
    text = text + secret + text + secret + text;
    auto const bytes = answer(text);
    marker_freed = false;
    auto reader =
        std::make_unique<response_reader>(response_reader::default_body_limit, content_coding::gzip);
    marker = secret;
    // In pieces, so that zlib keeps a window of its own; growing gives memory back on the way.
    read_in_pieces(*reader, bytes, 100);
    bool const complete = reader->body().find(secret) != std::string_view::npos;
    reader->reset();
    reader.reset();
    marker = {};
    BOOST_TEST(complete);
    BOOST_TEST(!marker_freed);
}

BOOST_AUTO_TEST_CASE(a_large_content_does_not_hold_its_memory_for_ever) {
    response_reader reader(response_reader::default_body_limit, content_coding::gzip);
    auto const text = squares(500'000);
    auto const large = answer(text);
    BOOST_TEST_REQUIRE(read_in_pieces(reader, large, 4096));
    reader.reset();
    // Given back, and so to be allocated anew.
    BOOST_TEST(allocations_of([&] { read_in_pieces(reader, large, 4096); }) != 0u);
}

BOOST_AUTO_TEST_SUITE_END()
