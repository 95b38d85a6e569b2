#include "protocol/arc_challenge.hpp"

#include <boost/test/unit_test.hpp>

namespace {

BOOST_AUTO_TEST_SUITE(arc_challenges)

BOOST_AUTO_TEST_CASE(the_key_file) {
    std::string const file = "/var/opt/azcmagent/tokens/0c5e.key";
    for (auto const& field :
         {"Basic realm=" + file, "basic REALM=" + file, "Basic realm=\"" + file + '"',
          "Basic charset=\"UTF-8\", realm=\"" + file + '"', "Bearer, Basic realm=\"" + file + '"'})
        BOOST_TEST((allot::arc_key_file(field) == file), field);
    BOOST_TEST((allot::arc_key_file("Basic realm=/a b, c.key") == "/a b, c.key"));
}

BOOST_AUTO_TEST_CASE(no_key_file) {
    for (auto const* const field :
         {"", "Basic", "Basic realm=", "Basic realm=\"\"", "Basic realm=\"/unfinished", "Bearer realm=/a.key",
          "Bearer realm=\"/a.key\"", "Basic real=/a.key", "realm=/a.key", "Digest Basic realm=/a.key",
          "Basic realm=\"/a.key\", realm=\"/b.key\""})
        BOOST_TEST(!allot::arc_key_file(field), field);
}

BOOST_AUTO_TEST_SUITE_END()

}
