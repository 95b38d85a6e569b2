#include "base/sha256.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

using namespace allot;

namespace {

// FIPS 180-4's examples, one and two blocks long, and the messages NIST added to them.
constexpr std::string_view two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
constexpr char const* two_blocks_digest = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";

}

BOOST_AUTO_TEST_SUITE(sha256_)

BOOST_AUTO_TEST_CASE(digests_are_those_of_the_standard) {
    BOOST_TEST(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    BOOST_TEST(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    BOOST_TEST(to_hex(sha256(two_blocks)) == two_blocks_digest);
    BOOST_TEST(
        to_hex(sha256(std::string(1'000'000, 'a'))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

BOOST_AUTO_TEST_CASE(pieces_count_as_one_text) {
    for (std::size_t length = 1; length <= two_blocks.size(); ++length) {
        sha256_hasher hasher;
        for (auto rest = two_blocks; !rest.empty(); rest.remove_prefix(std::min(length, rest.size())))
            hasher.update(rest.substr(0, length));
        BOOST_TEST(to_hex(hasher.finish()) == two_blocks_digest);
    }
}

BOOST_AUTO_TEST_CASE(a_finished_hasher_starts_anew) {
    sha256_hasher hasher;
    hasher.update("something else");
    hasher.finish();
    auto moved = std::move(hasher);
    moved.update(two_blocks);
    BOOST_TEST(to_hex(moved.finish()) == two_blocks_digest);
}

BOOST_AUTO_TEST_CASE(base64_is_padded) {
    BOOST_TEST(to_base64(sha256("abc")) == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

BOOST_AUTO_TEST_SUITE_END()
