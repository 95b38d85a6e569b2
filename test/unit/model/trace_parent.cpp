#include <allot/query.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

using allot::query;

namespace {

std::string const example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::string sent(std::string_view given) {
    auto const made = query().traceparent(given);
    BOOST_TEST(!made.problem());
    return made.traceparent();
}

bool is_refused_for(std::string const& given, std::string const& rule) {
    auto const problem = query().traceparent(given).problem();
    BOOST_TEST_MESSAGE(problem.value_or("no problem"));
    return problem && problem->starts_with("traceparent ") && problem->find(rule) != std::string::npos;
}

std::string changed(std::size_t at, std::string const& text) {
    auto out = example;
    return out.replace(at, text.size(), text);
}

}

// https://www.w3.org/TR/trace-context-1/#traceparent-header
BOOST_AUTO_TEST_SUITE(trace_parent)

BOOST_AUTO_TEST_CASE(a_valid_one_stays_as_it_is) {
    BOOST_TEST(sent(example) == example);
    BOOST_TEST(sent(changed(53, "00")) == changed(53, "00"));
    BOOST_TEST(sent(changed(53, "ff")) == changed(53, "ff"));
    BOOST_TEST(sent("").empty());
    BOOST_TEST(!(query().traceparent(example) == query()));
}

BOOST_AUTO_TEST_CASE(a_later_version_goes_out_as_the_known_one) {
    BOOST_TEST(sent(changed(0, "01")) == example);
    BOOST_TEST(sent(changed(0, "cc") + "-what-comes-later") == example);
    auto later = changed(53, "fe");
    later.replace(0, 2, "01");
    BOOST_TEST(sent(later) == changed(53, "00"));
}

BOOST_AUTO_TEST_CASE(each_rule_is_named) {
    BOOST_TEST(is_refused_for("00", "it has 2 bytes; version-traceid-parentid-flags has 55"));
    BOOST_TEST(is_refused_for(example.substr(0, 54), "it has 54 bytes"));
    BOOST_TEST(is_refused_for(example + "-0", "in version 00 it has 55"));
    BOOST_TEST(is_refused_for(changed(0, "01") + ".0", "begins with -"));
    BOOST_TEST(is_refused_for(changed(0, "ff"), "version ff"));
    BOOST_TEST(is_refused_for(changed(3, std::string(32, '0')), "the trace-id is all zeroes"));
    BOOST_TEST(is_refused_for(changed(36, std::string(16, '0')), "the parent-id is all zeroes"));
    BOOST_TEST(is_refused_for(changed(4, "B"), "byte 4 is not a hexadecimal digit in lower case"));
    BOOST_TEST(is_refused_for(changed(0, "0x"), "byte 1 is not a hexadecimal digit"));
    BOOST_TEST(is_refused_for(changed(35, "_"), "byte 35 is not the -"));
    BOOST_TEST(is_refused_for(changed(53, "\r\n"), "byte 53 is not a hexadecimal digit"));
    BOOST_TEST(is_refused_for(example + "\r\nX: y", "in version 00 it has 55"));
}

BOOST_AUTO_TEST_CASE(every_other_byte_is_refused_at_every_place) {
    for (std::size_t at = 0; at != example.size(); ++at)
        for (int byte = 0; byte != 256; ++byte) {
            auto const c = static_cast<char>(byte);
            bool const hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            auto const good = example[at] == '-' ? c == '-' : hex;
            if (!good && !query().traceparent(changed(at, std::string(1, c))).problem())
                BOOST_TEST_CONTEXT("byte " << byte << " at " << at) BOOST_TEST(false);
        }
}

BOOST_AUTO_TEST_SUITE_END()
