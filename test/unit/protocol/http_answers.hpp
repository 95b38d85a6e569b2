#pragma once

#include "protocol/http_response.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace allot::test {

/// All that a reader says of a stream.
struct outcome {
    read_status state = read_status::more;
    allot::error_code error;
    int status = 0;
    std::string body;
    std::vector<std::string> cookies;
    bool reusable = false;

    friend bool operator==(outcome const&, outcome const&) = default;
    friend std::ostream& operator<<(std::ostream& out, outcome const& value) {
        out << "state " << static_cast<int>(value.state) << ", error " << value.error << ", status "
            << value.status << ", body of " << value.body.size() << ", reusable " << value.reusable;
        for (auto const& cookie : value.cookies)
            out << ", " << cookie;
        return out;
    }
};

inline void feed(response_reader& reader, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const room = reader.prepare();
        BOOST_TEST_REQUIRE(room.size() >= 4096u);
        auto const size = std::min(room.size(), bytes.size());
        std::memcpy(room.data(), bytes.data(), size);
        reader.commit(size);
        bytes.remove_prefix(size);
    }
}

inline outcome seen(response_reader const& reader, read_status state) {
    outcome out;
    out.state = state;
    out.error = reader.error();
    BOOST_TEST(reader.reason().empty() == !out.error);
    out.status = reader.status();
    if (state != read_status::failed)
        out.body = reader.body();
    reader.for_each_field("set-cookie", [&](std::string_view value) { out.cookies.emplace_back(value); });
    out.reusable = reader.reusable();
    return out;
}

inline read_status now(response_reader& reader) {
    reader.prepare();
    return reader.commit(0);
}

inline outcome read_whole(
    std::string_view bytes, std::size_t body_limit = response_reader::default_body_limit,
    content_coding accepted = content_coding::identity) {
    response_reader reader(body_limit, accepted);
    feed(reader, bytes);
    return seen(reader, now(reader));
}

/// The outcome of the stream, which must not depend on how it is cut: in one, byte by byte, in two anywhere.
inline outcome read_all_ways(
    std::string_view bytes, std::size_t body_limit = response_reader::default_body_limit,
    content_coding accepted = content_coding::identity) {
    auto const expected = read_whole(bytes, body_limit, accepted);
    response_reader reader(body_limit, accepted);
    auto again = [&](std::size_t first_size, std::size_t piece_size) {
        reader.reset();
        feed(reader, bytes.substr(0, first_size));
        for (auto at = first_size; at < bytes.size(); at += piece_size)
            feed(reader, bytes.substr(at, piece_size));
        return seen(reader, now(reader));
    };
    BOOST_TEST(again(0, 1) == expected);
    constexpr std::size_t most_cuts = 600;
    for (std::size_t cut = 1; cut < bytes.size(); cut += 1 + bytes.size() / most_cuts) {
        auto const cut_in_two = again(cut, bytes.size());
        BOOST_TEST_REQUIRE(
            cut_in_two == expected, "cut at " << cut << ": " << cut_in_two << " is not " << expected);
    }
    return expected;
}

inline void check_good(std::string_view bytes, int status, std::string_view body, bool reusable = true) {
    BOOST_TEST_CONTEXT(bytes.substr(0, 200)) {
        auto const got = read_all_ways(bytes);
        BOOST_TEST((got.state == read_status::done));
        BOOST_TEST(got.status == status);
        BOOST_TEST(got.body == body);
        BOOST_TEST(got.reusable == reusable);
    }
}

inline void check_refused(
    std::string_view bytes, errc code = errc::malformed_response,
    std::size_t body_limit = response_reader::default_body_limit,
    content_coding accepted = content_coding::identity) {
    BOOST_TEST_CONTEXT(bytes.substr(0, 200)) {
        auto const got = read_all_ways(bytes, body_limit, accepted);
        BOOST_TEST((got.state == read_status::failed));
        BOOST_TEST(got.error == make_error_code(code));
        BOOST_TEST(!got.reusable);
    }
}

inline void check_reason(std::string_view bytes, std::string_view reason) {
    response_reader reader;
    feed(reader, bytes);
    BOOST_TEST(reader.reason().find(reason) != std::string_view::npos, reader.reason());
}

inline std::string chunked(std::string_view rest) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(rest);
}

}
