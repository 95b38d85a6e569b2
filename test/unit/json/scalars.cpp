#include "json/scalars.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace {

std::string guid_text(std::string_view text) {
    auto const value = allot::parse_guid(text);
    std::string out;
    if (value)
        allot::append_guid(out, *value);
    return value ? out : "refused";
}

std::string date_text(std::string_view text) {
    auto const value = allot::parse_date(text);
    std::string out;
    if (value)
        allot::append_date(out, *value);
    return value ? out : "refused";
}

std::string date_time_text(std::string_view text) {
    auto const value = allot::parse_date_time(text);
    std::string out;
    if (value)
        allot::append_date_time(out, *value);
    return value ? out : "refused";
}

std::string double_text(double value) {
    std::string out;
    allot::append_double(out, value);
    return out;
}

struct row {
    std::string_view text;
    std::string_view result;
};

}

BOOST_AUTO_TEST_SUITE(scalars)

BOOST_AUTO_TEST_CASE(guids) {
    row const rows[] = {
        {"9aaf7827-d63c-4b61-89c3-182f06f82e5c", "9aaf7827-d63c-4b61-89c3-182f06f82e5c"},
        {"9AAF7827-D63C-4B61-89C3-182F06F82E5C", "9aaf7827-d63c-4b61-89c3-182f06f82e5c"},
        {"00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"},
        {"", "refused"},
        {"9aaf7827-d63c-4b61-89c3-182f06f82e5", "refused"},
        {"9aaf7827-d63c-4b61-89c3-182f06f82e5c0", "refused"},
        {"{9aaf7827-d63c-4b61-89c3-182f06f82e5}", "refused"},
        {"9aaf7827d63c4b6189c3182f06f82e5c", "refused"},
        {"9aaf7827d-63c-4b61-89c3-182f06f82e5c", "refused"},
        {"9aaf7827-d63c-4b61-89c3_182f06f82e5c", "refused"},
        {"9aaf7827-d63c-4b61-89c3-182f06f82e5g", "refused"},
        {"9aaf7827-d63c-4b61-89c3-182f06f82e5/", "refused"},
        {"9aaf7827-d63c-4b61-89c3-182f06f82e5:", "refused"},
        {"9aaf7827-d63c-4b61-89c3-182f06f82e5@", "refused"},
        {"9aaf7827-d63c-4b61-89c3-182f06f82e5`", "refused"},
        {"9aaf7827-d63c-4b61-89c3-182f06f82 5c", "refused"},
    };
    for (auto const& [text, result] : rows)
        BOOST_TEST(guid_text(text) == result, text << " is " << guid_text(text));
}

BOOST_AUTO_TEST_CASE(dates) {
    row const rows[] = {
        {"2025-09-30", "2025-09-30"},
        {"0000-01-01", "0000-01-01"},
        {"9999-12-31", "9999-12-31"},
        {"2024-02-29", "2024-02-29"},
        {"2000-02-29", "2000-02-29"},
        {"2025-09-30T00:00:00.000Z", "2025-09-30"},
        {"2025-09-30T23:59:59Z", "2025-09-30"},
        {"2025-09-30T00:00:00+02:00", "2025-09-30"},
        {"", "refused"},
        {"2025-02-29", "refused"},
        {"1900-02-29", "refused"},
        {"2025-04-31", "refused"},
        {"2025-00-10", "refused"},
        {"2025-13-10", "refused"},
        {"2025-01-00", "refused"},
        {"2025-01-32", "refused"},
        {"2025-9-30", "refused"},
        {"25-09-30", "refused"},
        {"-2025-09-30", "refused"},
        {"12025-09-30", "refused"},
        {"2025/09/30", "refused"},
        {"20250930", "refused"},
        {"2025-09-30 ", "refused"},
        {" 2025-09-30", "refused"},
        {"2025-09-30T", "refused"},
        {"2025-09-30Z", "refused"},
        {"2025-09-30T00:00:00.000", "refused"},
        {"2025-09-30T24:00:00.000Z", "refused"},
        {"2025-09-30T00:00:00.000Zx", "refused"},
        {"2025-02-30T00:00:00.000Z", "refused"},
    };
    for (auto const& [text, result] : rows)
        BOOST_TEST(date_text(text) == result, text << " is " << date_text(text));
}

BOOST_AUTO_TEST_CASE(date_times) {
    row const rows[] = {
        {"2024-11-22T17:11:10.6635939+00:00", "2024-11-22T17:11:10.6635939Z"},
        {"2024-11-22T17:11:10Z", "2024-11-22T17:11:10.0000000Z"},
        {"2024-11-22T17:11Z", "2024-11-22T17:11:00.0000000Z"},
        {"2024-11-22T17:11:10.6Z", "2024-11-22T17:11:10.6000000Z"},
        {"2024-11-22T17:11:10.0000001Z", "2024-11-22T17:11:10.0000001Z"},
        {"2024-11-22T17:11:10.66359399Z", "2024-11-22T17:11:10.6635939Z"},
        {"2024-11-22T17:11:10.999999999999Z", "2024-11-22T17:11:10.9999999Z"},
        {"2024-11-22T17:11:10-00:00", "2024-11-22T17:11:10.0000000Z"},
        {"2024-11-22T00:30:00+01:00", "2024-11-21T23:30:00.0000000Z"},
        {"2024-12-31T23:30:00-05:45", "2025-01-01T05:15:00.0000000Z"},
        {"1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.9999999Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000Z"},
        {"9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z"},
        {"", "refused"},
        {"2024-11-22", "refused"},
        {"2024-11-22T17:11:10", "refused"},
        {"2024-11-22 17:11:10Z", "refused"},
        {"2024-11-22t17:11:10z", "refused"},
        {"2024-11-22T17:11:10.Z", "refused"},
        {"2024-11-22T17:11:10.0000000000000Z", "refused"},
        {"2024-11-22T17:11.5Z", "refused"},
        {"2024-11-22T17Z", "refused"},
        {"2024-11-22T24:00:00Z", "refused"},
        {"2024-11-22T17:60:00Z", "refused"},
        {"2024-11-22T17:11:60Z", "refused"},
        {"2024-11-22T17:11:10+0100", "refused"},
        {"2024-11-22T17:11:10+01", "refused"},
        {"2024-11-22T17:11:10+24:00", "refused"},
        {"2024-11-22T17:11:10+01:60", "refused"},
        {"2024-11-22T17:11:10Z+01:00", "refused"},
        {"2024-11-22T17:11:10Z ", "refused"},
        {"2024-02-30T17:11:10Z", "refused"},
    };
    for (auto const& [text, result] : rows)
        BOOST_TEST(date_time_text(text) == result, text << " is " << date_time_text(text));
}

BOOST_AUTO_TEST_CASE(numbers) {
    std::string out;
    allot::append_integer(out, std::numeric_limits<std::int64_t>::min());
    out += ' ';
    allot::append_integer(out, std::numeric_limits<std::uint64_t>::max());
    BOOST_TEST(out == "-9223372036854775808 18446744073709551615");
    BOOST_TEST(double_text(1.0) == "1.0");
    BOOST_TEST(double_text(-0.0) == "-0.0");
    BOOST_TEST(double_text(1.1) == "1.1");
    BOOST_TEST(double_text(18446744073709549568.0) == "18446744073709549568.0");
    BOOST_TEST(double_text(18446744073709551616.0) == "18446744073709551616");
    BOOST_TEST(double_text(-9223372036854775808.0) == "-9223372036854775808.0");
    BOOST_TEST(double_text(-9223372036854777856.0) == "-9223372036854777856");
    BOOST_TEST(double_text(1e300) == "1e+300");
    BOOST_TEST(double_text(5e-324) == "5e-324");
    BOOST_TEST(double_text(std::numeric_limits<double>::infinity()) == "1e999");
    BOOST_TEST(double_text(-std::numeric_limits<double>::infinity()) == "-1e999");
}

BOOST_AUTO_TEST_SUITE_END()
