#include "base/uuid.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

namespace allot {
namespace {

BOOST_AUTO_TEST_SUITE(uuid_suite)

BOOST_AUTO_TEST_CASE(has_the_form_of_a_random_uuid) {
    random_engine random(1);
    for (int i = 0; i != 1000; ++i) {
        uuid_text const made(random);
        std::string_view const text = made;
        BOOST_TEST(text.size() == 36u);
        for (std::size_t at = 0; at != text.size(); ++at) {
            bool const dash = at == 8 || at == 13 || at == 18 || at == 23;
            BOOST_TEST((text[at] == '-') == dash);
            BOOST_TEST((std::string_view("0123456789abcdef-").find(text[at]) != std::string_view::npos));
        }
        BOOST_TEST(text[14] == '4');
        BOOST_TEST((std::string_view("89ab").find(text[19]) != std::string_view::npos));
    }
}

BOOST_AUTO_TEST_CASE(differs_each_time_and_repeats_with_the_seed) {
    random_engine random(7);
    random_engine same(7);
    std::set<std::string> seen;
    for (int i = 0; i != 1000; ++i) {
        uuid_text const one(random);
        uuid_text const two(same);
        BOOST_TEST((std::string_view(one) == std::string_view(two)));
        BOOST_TEST(seen.insert(std::string(std::string_view(one))).second);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
