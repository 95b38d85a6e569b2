#include "base/base64.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <utility>

namespace allot {
namespace {

BOOST_AUTO_TEST_SUITE(base64)

// RFC 4648 section 10, without the padding.
constexpr std::array<std::pair<char const*, char const*>, 7> vectors{
    {{"", ""},
     {"f", "Zg"},
     {"fo", "Zm8"},
     {"foo", "Zm9v"},
     {"foob", "Zm9vYg"},
     {"fooba", "Zm9vYmE"},
     {"foobar", "Zm9vYmFy"}}};

BOOST_AUTO_TEST_CASE(test_vectors_of_the_rfc) {
    for (auto const& [bytes, text] : vectors) {
        BOOST_TEST(base64url_encode(bytes) == text);
        BOOST_TEST(base64_decode(text).value() == bytes);
        std::string padded(text);
        padded.append((4 - padded.size() % 4) % 4, '=');
        BOOST_TEST(base64_decode(padded).value() == bytes);
        BOOST_TEST(base64_encode(bytes) == padded);
    }
}

BOOST_AUTO_TEST_CASE(both_alphabets_are_read_and_the_one_for_urls_is_written) {
    // RFC 7515 section 2.
    BOOST_TEST(base64url_encode("\x03\xec\xff\xe0\xc1") == "A-z_4ME");
    BOOST_TEST(base64_decode("A-z_4ME").value() == "\x03\xec\xff\xe0\xc1");
    BOOST_TEST(base64_encode("\x03\xec\xff\xe0\xc1") == "A+z/4ME=");
    BOOST_TEST(base64_decode("A+z/4ME=").value() == "\x03\xec\xff\xe0\xc1");
}

BOOST_AUTO_TEST_CASE(each_byte_survives) {
    std::string all;
    for (int byte = 0; byte != 256; ++byte) {
        all += static_cast<char>(byte);
        BOOST_TEST(base64_decode(base64url_encode(all)).value() == all);
    }
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
    for (auto const* const text :
         {"A", "AB=", "ABC==", "AB===", "=", "====", "A B=", "AB\n=", "A+z_", "Zh", "Zm9", "AB=A",
          "Zg=="
          "Zg=="})
        BOOST_TEST(!base64_decode(text), text);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
