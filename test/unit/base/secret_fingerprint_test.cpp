#include "base/secret_fingerprint.hpp"
#include "base/sha256.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(secret_fingerprints)

BOOST_AUTO_TEST_CASE(the_same_secret_has_the_same_one) {
    auto const one = allot::secret_fingerprint("correct horse");
    BOOST_TEST(one == allot::secret_fingerprint("correct horse"));
    BOOST_TEST(one != allot::secret_fingerprint("correct horse "));
    BOOST_TEST(one.size() == 64u);
}

BOOST_AUTO_TEST_CASE(nobody_can_look_it_up_in_a_table_of_digests) {
    BOOST_TEST(allot::secret_fingerprint("password") != allot::to_hex(allot::sha256("password")));
}

BOOST_AUTO_TEST_SUITE_END()
