#include "cli/pretty_json.hpp"

#include <boost/test/unit_test.hpp>

using namespace allot;

BOOST_AUTO_TEST_SUITE(pretty)

BOOST_AUTO_TEST_CASE(lines_and_levels) {
    BOOST_TEST(
        pretty_json(R"({"a":1,"b":[{"c":null},"d"],"e":{},"f":[]})") == "{\n"
                                                                        "  \"a\": 1,\n"
                                                                        "  \"b\": [\n"
                                                                        "    {\n"
                                                                        "      \"c\": null\n"
                                                                        "    },\n"
                                                                        "    \"d\"\n"
                                                                        "  ],\n"
                                                                        "  \"e\": {},\n"
                                                                        "  \"f\": []\n"
                                                                        "}");
}

BOOST_AUTO_TEST_CASE(text_stays_as_it_is) {
    BOOST_TEST(pretty_json(R"(["{a:[1,\"x\\"])") == "[\n  \"{a:[1,\\\"x\\\\\"\n]");
}

BOOST_AUTO_TEST_SUITE_END()
