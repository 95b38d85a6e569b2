#include "audit/store/stored_id.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace allot;

BOOST_AUTO_TEST_SUITE(stored_ids)

BOOST_AUTO_TEST_CASE(a_guid_is_packed_and_comes_back_as_it_was) {
    std::string const guid("01234567-89ab-cdef-fedc-ba9876543210");
    stored_id const id(guid);
    BOOST_TEST_REQUIRE(id.packed().has_value());
    BOOST_TEST(id.packed()->size() == 16U);
    std::string out("something before");
    unpack_id(out, *id.packed());
    BOOST_TEST(out == guid);
}

// What does not come back byte for byte is no GUID here.
BOOST_AUTO_TEST_CASE(any_other_text_is_kept) {
    for (std::string const text :
         {"", "r-1", "01234567-89AB-cdef-fedc-ba9876543210", "01234567-89ab-cdef-fedc-ba987654321",
          "01234567-89ab-cdef-fedc-ba98765432100", "01234567089ab-cdef-fedc-ba9876543210",
          "0123456789ab-cdef-fedc-ba9876543210--", "g1234567-89ab-cdef-fedc-ba9876543210",
          "01234567-89ab-cdef-fedc-ba987654321g", "{1234567-89ab-cdef-fedc-ba987654321}"}) {
        stored_id const id(text);
        BOOST_TEST(!id.packed().has_value(), text);
        BOOST_TEST(id.text() == text);
    }
    for (std::size_t at = 0; at != 36; ++at) {
        std::string text("01234567-89ab-cdef-fedc-ba9876543210");
        text[at] = '\xff';
        BOOST_TEST(!stored_id(text).packed().has_value(), at);
    }
}

BOOST_AUTO_TEST_SUITE_END()
