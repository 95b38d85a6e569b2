#include "audit/input.hpp"
#include "cli/list_session.hpp"
#include "support/collected_input.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <utility>

using namespace allot;

namespace {

assignment named(std::string id) {
    assignment made;
    made.id = std::move(id);
    return made;
}

std::string row(list_scope const& scope, assignment const& value, bool with_members = false) {
    std::string out;
    append_list_row(out, scope, value, with_members);
    return out;
}

test::audit_input read(std::string const& text) {
    auto rest = std::string_view(text);
    auto source = [&rest](std::span<char> room) {
        auto const size = std::min(room.size(), rest.size());
        std::copy_n(rest.begin(), size, room.begin());
        rest.remove_prefix(size);
        return size;
    };
    return test::read_input(source, "rows", input_format::automatic);
}

}

BOOST_AUTO_TEST_SUITE(list_rows)

BOOST_AUTO_TEST_CASE(each_scope_has_its_members) {
    BOOST_TEST(row(list_scope::admin(), named("a")) == "{\"assignmentId\":\"a\"}\n");
    BOOST_TEST(row(list_scope::user("u#"), named("a")) == "{\"assignmentId\":\"a\",\"userId\":\"u#\"}\n");
    BOOST_TEST(row(list_scope::group("g"), named("a")) == "{\"assignmentId\":\"a\",\"groupId\":\"g\"}\n");
    BOOST_TEST(
        row(list_scope::admin(), named("a"), true) ==
        "{\"assignmentId\":\"a\",\"assignment\":{\"id\":\"a\"}}\n");
    auto without = named("a");
    without.allotment.emplace();
    BOOST_TEST(
        row(list_scope::admin(), without, true) ==
        "{\"assignmentId\":\"a\",\"assignment\":{\"id\":\"a\",\"allotment\":null}}\n");
}

BOOST_AUTO_TEST_CASE(rows_are_an_input_of_an_audit) {
    auto const input = read(
        row(list_scope::admin(), named("a")) + row(list_scope::user("u"), named("b"), true) +
        row(list_scope::group("g"), named("c")));
    BOOST_TEST(input.invalid.empty());
    BOOST_TEST_REQUIRE(input.references.size() == 3u);
    BOOST_TEST((input.references[0] == assignment_ref::admin("a")));
    BOOST_TEST((input.references[1] == assignment_ref::user("u", "b")));
    BOOST_TEST((input.references[2] == assignment_ref::group("g", "c")));
}

BOOST_AUTO_TEST_CASE(members_from_graph_do_not_change_the_reference) {
    auto hostile = named("a");
    for (auto const* name : {"assignmentId", "userId", "groupId", "scope", "principalId", "assignment"})
        hostile.unknown_members.push_back({name, "\"x\""});
    auto const input = read(row(list_scope::admin(), hostile, true));
    BOOST_TEST_REQUIRE(input.references.size() == 1u);
    BOOST_TEST((input.references[0] == assignment_ref::admin("a")));
}

BOOST_AUTO_TEST_CASE(ids_that_break_the_rules_are_one_line_and_one_invalid_entry) {
    for (std::string const& id :
         {std::string("../x"), std::string("a\nb\r\n{}"), std::string("a\0b", 3), std::string(300, 'x'),
          std::string("\xe2\x80\xae\x1b[31m"), std::string("a\"},{\"assignmentId\":\"b")}) {
        auto const text = row(list_scope::admin(), named(id));
        BOOST_TEST(std::ranges::count(text, '\n') == 1);
        auto const input = read(text);
        BOOST_TEST(input.references.empty());
        BOOST_TEST(input.invalid.size() == 1u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
