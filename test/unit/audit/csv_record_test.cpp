#include "audit/csv_record.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace allot;
using status = csv_record::status;

namespace {

void expect_fields(std::string const& line, std::vector<std::string> const& expected) {
    csv_record record;
    BOOST_TEST_CONTEXT(line) {
        BOOST_TEST((record.add_line(line) == status::complete));
        BOOST_TEST(record.fields() == expected, boost::test_tools::per_element());
    }
}

}

BOOST_AUTO_TEST_SUITE(csv_record_)

BOOST_AUTO_TEST_CASE(fields) {
    expect_fields("", {""});
    expect_fields("a,b", {"a", "b"});
    expect_fields(",", {"", ""});
    expect_fields(R"("a,b","c""d","")", {"a,b", R"(c"d)", ""});
    expect_fields(" a , b", {" a ", " b"});
}

BOOST_AUTO_TEST_CASE(a_quoted_field_goes_over_lines) {
    csv_record record;
    BOOST_TEST((record.add_line(R"(a,"b)") == status::open));
    BOOST_TEST((record.add_line("") == status::open));
    BOOST_TEST((record.add_line(R"(c",d)") == status::complete));
    std::vector<std::string> const expected{"a", "b\n\nc", "d"};
    BOOST_TEST(record.fields() == expected, boost::test_tools::per_element());
    BOOST_TEST((record.add_line("next") == status::complete));
    BOOST_TEST(record.fields().front() == "next");
}

BOOST_AUTO_TEST_CASE(malformed_records) {
    for (auto const* const line : {R"(a"b)", R"("a"b)", R"("a" ,b)"}) {
        csv_record record;
        BOOST_TEST((record.add_line(line) == status::malformed), line);
        BOOST_TEST(std::string(record.problem()) != "");
        BOOST_TEST((record.add_line("fine") == status::complete));
    }
}

BOOST_AUTO_TEST_CASE(an_open_quotation_mark_does_not_take_the_rest_of_the_input) {
    csv_record record;
    std::string const line(1'000, 'x');
    BOOST_TEST((record.add_line("\"") == status::open));
    int lines = 1;
    auto last = status::open;
    while (last == status::open) {
        last = record.add_line(line);
        BOOST_REQUIRE(++lines < 100);
    }
    BOOST_TEST((last == status::malformed));
    BOOST_TEST(lines == 67);
}

BOOST_AUTO_TEST_SUITE_END()
