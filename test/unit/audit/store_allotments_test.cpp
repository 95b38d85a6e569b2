#include "audit/store/allotment_numbers.hpp"
#include "audit/store/allotment_texts.hpp"
#include "json/encode.hpp"
#include "unit/audit/samples.hpp"
#include "unit/audit/store_helpers.hpp"

#include <string>

using namespace allot;
using namespace allot::test;

namespace {

std::string json_of(allotment const& value) {
    std::string out;
    append_json(out, value);
    return out;
}

}

BOOST_AUTO_TEST_SUITE(store_allotments)

BOOST_AUTO_TEST_CASE(equal_allotments_have_one_number) {
    allotment_numbers numbers;
    auto const first = numbers.number_of(sample_allotment("a"));
    BOOST_TEST(first.number == 1U);
    BOOST_TEST(first.is_new);
    BOOST_TEST(numbers.number_of(sample_allotment("b")).number == 2U);
    auto const again = numbers.number_of(sample_allotment("a"));
    BOOST_TEST(again.number == 1U);
    BOOST_TEST(!again.is_new);
}

BOOST_AUTO_TEST_CASE(any_difference_makes_another_number) {
    allotment_numbers numbers;
    auto value = sample_allotment();
    numbers.number_of(value);
    value.services.emplace();
    BOOST_TEST(numbers.number_of(value).number == 2U);
    value.unknown_members.push_back({"x", "1"});
    BOOST_TEST(numbers.number_of(value).number == 3U);
    value.consumed_units.reset();
    BOOST_TEST(numbers.number_of(value).number == 4U);
    BOOST_TEST(numbers.number_of(sample_allotment()).number == 1U);
}

BOOST_AUTO_TEST_CASE(numbers_are_forgotten_and_not_given_twice) {
    allotment_numbers numbers;
    std::uint64_t expected = 0;
    for (int other = 0; other != 4'096; ++other)
        BOOST_TEST_REQUIRE(numbers.number_of(sample_allotment("a", other)).number == ++expected);
    BOOST_TEST(numbers.number_of(sample_allotment("a", 0)).number == 1U);
    BOOST_TEST(numbers.number_of(sample_allotment("b")).number == ++expected);
    auto const again = numbers.number_of(sample_allotment("a", 0));
    BOOST_TEST(again.number == ++expected);
    BOOST_TEST(again.is_new);
}

BOOST_AUTO_TEST_CASE(texts_are_decoded_and_kept) {
    allotment_texts texts;
    auto const value = sample_allotment();
    BOOST_TEST(texts.find(7) == nullptr);
    BOOST_TEST((texts.keep(7, json_of(value)).value == value));
    BOOST_TEST_REQUIRE(texts.find(7) != nullptr);
    BOOST_TEST(texts.find(7)->json == json_of(value));
    BOOST_TEST(texts.find(8) == nullptr);
}

BOOST_AUTO_TEST_CASE(texts_are_forgotten_before_they_are_too_many) {
    allotment_texts texts;
    for (std::int64_t key = 1; key != 5; ++key)
        texts.keep(key, json_of(sample_allotment(std::string(1'000'000, 'x'))));
    BOOST_TEST(texts.find(1) != nullptr);
    texts.keep(5, json_of(sample_allotment(std::string(1'000'000, 'x'))));
    BOOST_TEST(texts.find(1) == nullptr);
    BOOST_TEST(texts.find(5) != nullptr);
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_allotment_is_an_error) {
    allotment_texts texts;
    BOOST_CHECK_EXCEPTION(texts.keep(7, "[1"), store_error, says("allotment 7 is unreadable"));
    BOOST_TEST(texts.find(7) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
