#include <allot/query.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

using allot::query;

namespace {

std::string select_problem(std::string_view member) {
    return query().select(member).problem().value_or("none");
}

std::string expand_problem(std::string_view navigation) {
    return query().expand(navigation).problem().value_or("none");
}

}

BOOST_AUTO_TEST_SUITE(query_options)

BOOST_AUTO_TEST_CASE(options_keep_their_order) {
    auto const built = query().select("id").select("skuId").expand("assignments");
    query added;
    added.select("id").select("skuId");
    added.expand("assignments");
    BOOST_TEST(bool(built == added));
    BOOST_TEST(
        built.selected() == (std::vector<std::string>{"id", "skuId"}), boost::test_tools::per_element());
    BOOST_TEST(
        built.expanded() == (std::vector<std::string>{"assignments"}), boost::test_tools::per_element());
    BOOST_TEST(!(built == query()));
    BOOST_TEST(!query().problem());
    BOOST_TEST(!built.problem());
    BOOST_TEST(!query().select("id").select("id").problem());
}

BOOST_AUTO_TEST_CASE(selected_members_are_identifiers) {
    for (int byte = 0; byte != 256; ++byte) {
        bool const letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '_';
        bool const digit = byte >= '0' && byte <= '9';
        BOOST_TEST_CONTEXT("byte " << byte) {
            BOOST_TEST((select_problem(std::string(1, static_cast<char>(byte))) == "none") == letter);
            BOOST_TEST(
                (select_problem(std::string("a") + static_cast<char>(byte)) == "none") == (letter || digit));
        }
    }
    std::string const rule =
        " is not allowed; names hold letters, digits and _ and do not begin with a digit";
    BOOST_TEST(select_problem("sku-id") == "$select \"sku-id\": character '-' at byte 3" + rule);
    BOOST_TEST(select_problem("1st") == "$select \"1st\": character '1' at byte 0" + rule);
    BOOST_TEST(select_problem("id&$top=1") == "$select \"id&$top=1\": character '&' at byte 2" + rule);
    BOOST_TEST(select_problem("a\n") == "$select \"a\\x0a\": character '\\x0a' at byte 1" + rule);
    BOOST_TEST(select_problem("*") == "$select \"*\": character '*' at byte 0" + rule);
    BOOST_TEST(select_problem("") == "$select \"\": the name is empty; names hold 1 to 128 bytes");
    BOOST_TEST(select_problem(std::string(128, 'a')) == "none");
    BOOST_TEST(
        select_problem(std::string(129, 'a')) ==
        "$select \"" + std::string(59, 'a') + "\"...: the name has 129 bytes; names hold 1 to 128 bytes");
    BOOST_TEST(
        query().select("id").select("").problem().value_or("none") ==
        "$select \"\": the name is empty; names hold 1 to 128 bytes");
}

BOOST_AUTO_TEST_CASE(expanded_navigations) {
    for (auto const* const good :
         {"assignments", "waitingMembers", "assignments($select=id)",
          "assignments($expand=assignedTo($select=id))",
          "allotment($filter=skuId in (639dec6b-bb19-468b-871c-c5c441c4b0cb))",
          "a($filter=name eq 'it''s (not')", "a($search=\"(\";$top=5)"})
        BOOST_TEST(expand_problem(good) == "none", good);
}

BOOST_AUTO_TEST_CASE(bad_navigations) {
    std::string const name_rule =
        " is not allowed; names hold letters, digits and _ and do not begin with a digit";
    std::string const text_rule = " is not allowed; nested options hold printable ASCII other than # and %";
    std::string const open = ": a parenthesis is not closed; parentheses come in pairs";
    std::string const quote = ": a quote is not closed; quotes come in pairs";
    struct {
        std::string navigation;
        std::string problem;
    } const rows[] = {
        {"", "$expand \"\": the name is empty; names hold 1 to 128 bytes"},
        {"($select=id)", "$expand \"($select=id)\": the name is empty; names hold 1 to 128 bytes"},
        {"a,b", "$expand \"a,b\": character ',' at byte 1" + name_rule},
        {"a)", "$expand \"a)\": character ')' at byte 1" + name_rule},
        {"a b", "$expand \"a b\": character ' ' at byte 1" + name_rule},
        {"a/$ref", "$expand \"a/$ref\": character '/' at byte 1" + name_rule},
        {"a(", "$expand \"a(\"" + open},
        {"a($expand=b($select=id)", "$expand \"a($expand=b($select=id)\"" + open},
        {"a($filter=x eq ')')", "none"},
        {"a($filter=x eq ')", "$expand \"a($filter=x eq ')\"" + quote},
        {"a($search=\"x)", "$expand \"a($search=\\\"x)\"" + quote},
        {"a(b)c",
         "$expand \"a(b)c\": text follows the closing parenthesis at byte 3; add each navigation on its own"},
        {"a(b))",
         "$expand \"a(b))\": text follows the closing parenthesis at byte 3; add each navigation on its own"},
        {"a(b)(c)", "$expand \"a(b)(c)\": text follows the closing parenthesis at byte 3; add each "
                    "navigation on its own"},
        {"a(#)", "$expand \"a(#)\": character '#' at byte 2" + text_rule},
        {"a(%20)", "$expand \"a(%20)\": character '%' at byte 2" + text_rule},
        {"a('%')", "$expand \"a('%')\": character '%' at byte 3" + text_rule},
        {"a(\r\n)", "$expand \"a(\\x0d\\x0a)\": character '\\x0d' at byte 2" + text_rule},
        {std::string("a(\0)", 4), "$expand \"a(\\x00)\": character '\\x00' at byte 2" + text_rule},
        {"a(\x7f)", "$expand \"a(\\x7f)\": character '\\x7f' at byte 2" + text_rule},
        {"a(\xc3\xa4)", "$expand \"a(\\xc3\\xa4)\": character '\\xc3' at byte 2" + text_rule},
    };
    for (auto const& row : rows)
        BOOST_TEST(expand_problem(row.navigation) == row.problem);
}

BOOST_AUTO_TEST_SUITE_END()
