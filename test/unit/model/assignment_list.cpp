#include <allot/assignment_list.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <type_traits>

using allot::list_params;
using allot::list_scope;

// Users build them in co_await expressions, where g++ 12 destroys aggregates twice.
static_assert(!std::is_aggregate_v<list_scope>);
static_assert(!std::is_aggregate_v<list_params>);

BOOST_AUTO_TEST_SUITE(assignment_lists)

BOOST_AUTO_TEST_CASE(scopes_name_their_owner) {
    BOOST_TEST((list_scope::admin().scope() == allot::assignment_scope::admin));
    BOOST_TEST(list_scope::admin().principal_id().empty());
    BOOST_TEST((list_scope::user("u").scope() == allot::assignment_scope::user));
    BOOST_TEST(list_scope::user("u").principal_id() == "u");
    BOOST_TEST((list_scope::group("g").scope() == allot::assignment_scope::group));
    BOOST_TEST(bool(list_scope::user("a") == list_scope::user("a")));
    BOOST_TEST(!(list_scope::user("a") == list_scope::group("a")));
}

BOOST_AUTO_TEST_CASE(ids_keep_the_rules_of_references) {
    BOOST_TEST(!list_scope::admin().problem());
    BOOST_TEST(!list_scope::user("ann.o'neil_contoso.com#EXT#@fabrikam.com").problem());
    BOOST_TEST(!list_scope::group("405ee855-dd74-f695-8d7e-be35a6788fe8").problem());
    BOOST_TEST(list_scope::user("").problem().value().starts_with("user id is empty"));
    BOOST_TEST(list_scope::user("..").problem().value().starts_with("user id"));
    BOOST_TEST(list_scope::group("a'b").problem().value().starts_with("group id: character"));
    BOOST_TEST(list_scope::user("a/b").problem().has_value());
    BOOST_TEST(list_scope::user(std::string(257, 'a')).problem().has_value());
}

BOOST_AUTO_TEST_CASE(params_can_be_chained) {
    auto const made = list_params().page_size(7).start("https://h/x");
    BOOST_TEST(made.page_size() == 7u);
    BOOST_TEST(made.start() == "https://h/x");
    BOOST_TEST(list_params().page_size() == 0u);
    BOOST_TEST(list_params().start().empty());
}

BOOST_AUTO_TEST_SUITE_END()
