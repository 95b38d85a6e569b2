#include "protocol/gzip_decoder.hpp"
#include "support/gzip.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>

namespace {

using allot::errc;
using allot::gzip_decoder;
using namespace allot::test;
using namespace std::string_literals;

constexpr std::size_t plenty = 64 * 1024 * 1024;
constexpr std::size_t kibibyte = 1024;

/// All that a decoder says of a content.
struct outcome {
    errc error{};
    std::string reason;
    std::string content; ///< of one that is refused, nothing

    friend bool operator==(outcome const&, outcome const&) = default;
    friend std::ostream& operator<<(std::ostream& out, outcome const& value) {
        return out << static_cast<int>(value.error) << " " << value.reason << ", " << value.content.size()
                   << " bytes";
    }
};

outcome decode(
    gzip_decoder& decoder, std::string_view bytes, std::size_t limit, std::size_t first, std::size_t piece) {
    decoder.reset(limit);
    bool good = decoder.write(bytes.substr(0, first));
    for (auto at = std::min(first, bytes.size()); good && at < bytes.size(); at += piece)
        good = decoder.write(bytes.substr(at, piece));
    good = good && decoder.finish();
    BOOST_TEST(decoder.content().size() <= limit);
    BOOST_TEST((decoder.error() == errc{}) == good);
    BOOST_TEST(decoder.reason().empty() == good);
    return {decoder.error(), std::string(decoder.reason()), good ? std::string(decoder.content()) : ""};
}

/// The outcome, which must not depend on how the bytes are cut: in one, byte by byte, in two anywhere.
outcome decode_all_ways(std::string_view bytes, std::size_t limit = plenty) {
    gzip_decoder decoder;
    auto const whole = decode(decoder, bytes, limit, bytes.size(), 1);
    BOOST_TEST(decode(decoder, bytes, limit, 0, 1) == whole);
    BOOST_TEST(decode(decoder, bytes, limit, 0, 1000) == whole);
    std::size_t const most_cuts = decoder.content().size() < 100 * kibibyte ? 300 : 5;
    for (std::size_t cut = 1; cut < bytes.size(); cut += 1 + bytes.size() / most_cuts)
        BOOST_TEST_REQUIRE(decode(decoder, bytes, limit, cut, bytes.size()) == whole, "cut at " << cut);
    return whole;
}

void check_good(std::string_view bytes, std::string_view content, std::size_t limit = plenty) {
    auto const got = decode_all_ways(bytes, limit);
    BOOST_TEST(got.reason == "");
    BOOST_TEST((got.content == content));
}

void check_refused(
    std::string_view bytes, std::string_view reason, errc code = errc::malformed_response,
    std::size_t limit = plenty) {
    auto const got = decode_all_ways(bytes, limit);
    BOOST_TEST((got.error == code));
    BOOST_TEST(got.reason.find(reason) != std::string::npos, got.reason);
}

/// Bytes that do not compress.
std::string noise(std::size_t size) {
    std::string out;
    unsigned state = 1;
    while (out.size() != size) {
        state = state * 1664525 + 1013904223;
        out += static_cast<char>(state >> 24);
    }
    return out;
}

std::string numbers(std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i != count; ++i)
        out += std::to_string(i) + ',';
    return out;
}

}

BOOST_AUTO_TEST_SUITE(gzip_contents)

BOOST_AUTO_TEST_CASE(content_of_any_size_and_level) {
    for (int const level : {0, 1, 6, 9})
        for (auto const& text : {""s, "x"s, numbers(100), numbers(20'000), noise(3000), noise(200'000)})
            check_good(gzip(text, level), text);
}

BOOST_AUTO_TEST_CASE(what_the_command_gzip_writes) {
    // printf allot | gzip -9n
    check_good(
        "\x1f\x8b\x08\0\0\0\0\0\x02\x03\x4b\xcc\xc9\xc9\x2f\x01\0\x52\x11\x40\xe7\x05\0\0\0"s, "allot");
}

BOOST_AUTO_TEST_CASE(no_bytes_are_an_empty_content) {
    check_good("", "");
}

BOOST_AUTO_TEST_CASE(header_fields_are_passed_over) {
    auto name = "a name"s;
    auto comment = std::string(5000, 'c');
    auto extra = std::string(40'000, 'e');
    gz_header header{};
    header.name = reinterpret_cast<Bytef*>(name.data());
    header.comment = reinterpret_cast<Bytef*>(comment.data());
    header.extra = reinterpret_cast<Bytef*>(extra.data());
    header.extra_len = static_cast<uInt>(extra.size());
    header.text = 1;
    header.time = 1'700'000'000;
    header.os = 3;
    header.hcrc = 1;
    auto const bytes = gzip("hello", 6, &header);
    BOOST_TEST(bytes.size() > extra.size() + comment.size());
    check_good(bytes, "hello");
    // One bit in the extra field, which the CRC of the header covers.
    auto damaged = bytes;
    damaged[100] ^= 1;
    check_refused(damaged, "damaged");
}

BOOST_AUTO_TEST_CASE(several_members_are_one_content) {
    check_good(gzip("hel") + gzip("lo"), "hello");
    check_good(gzip("") + gzip("hel") + gzip("") + gzip("lo", 0) + gzip(""), "hello");
    auto const text = numbers(5000);
    check_good(gzip(text) + gzip(text), text + text);
    std::string many;
    for (int i = 0; i != 500; ++i)
        many += gzip("x");
    check_good(many, std::string(500, 'x'));
    // A match whose distance reaches into the member before it.
    check_refused(gzip("hello") + "\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\x02\0"s, "damaged");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_further_member) {
    auto const good = gzip("hello");
    check_refused(good + "xy", "bytes follow that are no further member");
    check_refused(good + "\0\0"s, "bytes follow");
    check_refused(good + "\r\n", "bytes follow");
    check_refused(good + gzip("x").substr(1), "bytes follow");
    check_refused(good + "x", "ends in the middle");
    check_refused(good + "\x1f", "ends in the middle");
    check_refused(good + gzip("hello").substr(0, 15), "ends in the middle");
}

BOOST_AUTO_TEST_CASE(content_that_ends_in_the_middle) {
    auto name = "name"s;
    gz_header header{};
    header.name = reinterpret_cast<Bytef*>(name.data());
    header.hcrc = 1;
    for (auto const& bytes : {gzip("hello hello hello", 6, &header), gzip("hello", 0), gzip("")})
        for (std::size_t size = 1; size != bytes.size(); ++size)
            check_refused(std::string_view(bytes).substr(0, size), "ends in the middle");
}

BOOST_AUTO_TEST_CASE(wrong_checksum_or_length) {
    auto const good = gzip(numbers(1000));
    for (std::size_t back = 1; back <= 8; ++back)
        for (int const bit : {1, 128}) {
            auto bytes = good;
            bytes[bytes.size() - back] = static_cast<char>(bytes[bytes.size() - back] ^ bit);
            check_refused(bytes, back > 4 ? "CRC-32" : "length of the gzip content");
            check_refused(bytes + good, back > 4 ? "CRC-32" : "length of the gzip content");
        }
}

BOOST_AUTO_TEST_CASE(no_changed_bit_goes_unnoticed) {
    auto const text = numbers(40);
    auto const good = gzip(text);
    constexpr std::size_t header_size = 10;
    gzip_decoder decoder;
    for (std::size_t at = header_size; at != good.size(); ++at)
        for (int bit = 0; bit != 8; ++bit) {
            auto bytes = good;
            bytes[at] = static_cast<char>(bytes[at] ^ 1 << bit);
            auto const whole = decode(decoder, bytes, plenty, bytes.size(), 1);
            // Bits that fill up the last byte of the deflate stream mean nothing.
            BOOST_TEST((whole.error == errc::malformed_response || whole.content == text));
            BOOST_TEST(decode(decoder, bytes, plenty, 0, 1) == whole);
        }
}

BOOST_AUTO_TEST_CASE(other_formats) {
    auto const text = numbers(10);
    check_refused(deflated(text, deflate_format::zlib), "not gzip");
    check_refused(deflated(text, deflate_format::raw), "not gzip");
    check_refused(text, "not gzip");
    check_refused("{\"id\":\"a\"}", "not gzip");
    check_refused("\x1f\x9d\x90"s, "not gzip");                    // compress
    check_refused("\x1f\x8b\x07\0\0\0\0\0\0\x03"s, "damaged");     // a method other than deflate
    check_refused("\x1f\x8b\x08\xe0\0\0\0\0\0\x03"s, "damaged");   // flags that RFC 1952 reserves
    check_refused("\x1f\x8b\x08\0\0\0\0\0\0\x03\x07"s, "damaged"); // a block of the reserved type
}

BOOST_AUTO_TEST_CASE(the_limit_is_that_of_the_decoded_content) {
    auto const too_large = errc::response_too_large;
    auto const text = numbers(2000);
    check_good(gzip(text), text, text.size());
    check_refused(gzip(text), "exceeds its limit", too_large, text.size() - 1);
    check_refused(gzip(text), "exceeds its limit", too_large, 1);
    check_refused(gzip("x"), "exceeds its limit", too_large, 0);
    check_good(gzip(""), "", 0);
    check_good(gzip(text) + gzip(text), text + text, 2 * text.size());
    check_refused(gzip(text) + gzip("x"), "exceeds its limit", too_large, text.size());
    // What is wrong behind the limit is not looked at.
    check_refused(gzip(text).substr(0, 3000) + "damaged", "exceeds its limit", too_large, 4000);
}

BOOST_AUTO_TEST_CASE(the_ratio_is_100_beyond_a_mebibyte) {
    auto const free_size = gzip_decoder::ratio_free;
    // Zeros take a thousandth: two KiB at most, and so 200 KiB beyond what is free.
    check_good(gzip(std::string(free_size, '\0')), std::string(free_size, '\0'));
    auto const most = free_size + gzip_decoder::ratio_limit * 2 * kibibyte;
    auto const bytes = gzip(std::string(most, '\0'), 9);
    BOOST_TEST_REQUIRE(bytes.size() > kibibyte);
    BOOST_TEST_REQUIRE(bytes.size() <= 2 * kibibyte);
    check_good(bytes, std::string(most, '\0'));
    check_refused(
        gzip(std::string(most + 1, '\0'), 9), "100 times its size as gzip; ask for smaller pages",
        errc::response_too_large);
    check_refused(
        gzip(std::string(plenty - 1, '\0'), 9), "100 times its size as gzip", errc::response_too_large);
    // As one of many members, too, and behind content that compresses badly.
    check_refused(gzip("x") + gzip(std::string(2 * most, '\0'), 9), "100 times", errc::response_too_large);
    auto const before = noise(20 * kibibyte);
    check_good(gzip(before + std::string(2 * free_size, '\0')), before + std::string(2 * free_size, '\0'));
    check_refused(gzip(before + std::string(4 * free_size, '\0')), "100 times", errc::response_too_large);
    // Only what came before counts: an honest rest makes no bomb good.
    check_refused(
        gzip(std::string(4 * free_size, '\0') + noise(200 * kibibyte)), "100 times",
        errc::response_too_large);
}

BOOST_AUTO_TEST_CASE(pages_that_repeat_one_allotment_are_no_bomb) {
    // A thousand elements of 8 KiB that differ in their id, as `$expand=allotment` may give them.
    auto const ids = noise(1000 * 16);
    auto const repeated = numbers(1800);
    std::string page;
    for (std::size_t i = 0; i != 1000; ++i)
        page += ids.substr(i * 16, 16) + repeated;
    auto const bytes = gzip(page);
    BOOST_TEST(page.size() / bytes.size() > 60u);
    gzip_decoder decoder;
    BOOST_TEST((decode(decoder, bytes, plenty, 0, 16 * kibibyte).content == page));
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_take_memory_or_time) {
    // A bomb of a gigabyte, in 1 MiB: what it takes is bounded by what it sends.
    std::string const zeros(8 * 1024 * kibibyte, '\0');
    auto const member = gzip(zeros, 9);
    std::string members;
    for (int i = 0; i != 128; ++i)
        members += member;
    gzip_decoder decoder;
    decoder.reset(plenty);
    BOOST_TEST(!decoder.write(members));
    BOOST_TEST((decoder.error() == errc::response_too_large));
    BOOST_TEST(decoder.content().size() <= gzip_decoder::ratio_free + 300 * kibibyte);
}

BOOST_AUTO_TEST_CASE(content_is_there_as_it_comes) {
    gzip_decoder decoder;
    decoder.reset(plenty);
    auto const text = numbers(500);
    auto const bytes = gzip(text, 0);
    std::string before;
    for (char const byte : bytes) {
        BOOST_TEST_REQUIRE(decoder.write({&byte, 1}));
        auto const content = decoder.content();
        BOOST_TEST(content.starts_with(before));
        before = content;
    }
    BOOST_TEST(decoder.finish());
    BOOST_TEST(before == text);
}

BOOST_AUTO_TEST_CASE(good_again_after_each_refusal) {
    gzip_decoder decoder;
    auto const text = numbers(3000);
    auto const good = gzip(text);
    for (auto const& bad :
         {"x"s, "not gzip"s, good.substr(0, 100), good.substr(0, good.size() - 3), good + "xx",
          gzip(text + text), gzip("")}) {
        decode(decoder, bad, text.size(), bad.size(), 1);
        BOOST_TEST((decode(decoder, good, text.size(), good.size(), 1).content == text));
    }
}

BOOST_AUTO_TEST_SUITE_END()
