#include <allot/assignment_ref.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <unordered_set>

using allot::assignment_ref;

namespace {

std::string const guid = "405ee855-dd74-f695-8d7e-be35a6788fe8";
std::string const id_rule = "ids hold letters, digits and - . _ ~ ! @ + = : ,";
std::string const user_id_rule = "ids hold letters, digits and - . _ ~ ! @ + = : , ' # ^";

std::string problem(assignment_ref const& reference) {
    return reference.problem().value_or("none");
}

bool in_ids(int byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (byte != 0 && std::string("-._~!@+=:,").find(static_cast<char>(byte)) != std::string::npos);
}

}

BOOST_AUTO_TEST_SUITE(assignment_reference)

BOOST_AUTO_TEST_CASE(scopes_and_parts) {
    auto const admin = assignment_ref::admin("a");
    BOOST_TEST(to_string(admin.scope()) == "admin");
    BOOST_TEST(admin.principal_id() == "");
    BOOST_TEST(admin.assignment_id() == "a");
    auto const user = assignment_ref::user("u", "a");
    BOOST_TEST(to_string(user.scope()) == "user");
    BOOST_TEST(user.principal_id() == "u");
    auto const group = assignment_ref::group("g", "a");
    BOOST_TEST(to_string(group.scope()) == "group");
    BOOST_TEST(group.principal_id() == "g");
    BOOST_TEST(group.assignment_id() == "a");
}

BOOST_AUTO_TEST_CASE(good_references) {
    BOOST_TEST(problem(assignment_ref::admin(guid)) == "none");
    BOOST_TEST(
        problem(assignment_ref::admin("rkocgef3dgjhnu3gmu2mqhbdbmwcymnf6fk3k6a7zbui5e7gfpmi")) == "none");
    BOOST_TEST(problem(assignment_ref::user("o'neil_x.com#EXT#@contoso.com", guid)) == "none");
    BOOST_TEST(problem(assignment_ref::group(guid, guid)) == "none");
    BOOST_TEST(problem(assignment_ref::group("...", "a..")) == "none");
}

BOOST_AUTO_TEST_CASE(row_24_every_byte_is_allowed_or_named) {
    for (int byte = 0; byte != 256; ++byte) {
        auto const id = std::string("ab") + static_cast<char>(byte);
        bool const for_user = in_ids(byte) || byte == '\'' || byte == '#' || byte == '^';
        BOOST_TEST_CONTEXT("byte " << byte) {
            BOOST_TEST(!assignment_ref::admin(id).problem() == in_ids(byte));
            BOOST_TEST(!assignment_ref::group(id, guid).problem() == in_ids(byte));
            BOOST_TEST(!assignment_ref::user(id, guid).problem() == for_user);
            BOOST_TEST(!assignment_ref::user(guid, id).problem() == in_ids(byte));
            auto const text = problem(assignment_ref::admin(id));
            for (char const character : text)
                BOOST_TEST((character >= ' ' && character <= '~'));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_sentence_names_id_character_offset_and_rule) {
    BOOST_TEST(
        problem(assignment_ref::admin("../a")) ==
        "assignment id: character '/' at byte 2 is not allowed; " + id_rule);
    BOOST_TEST(
        problem(assignment_ref::admin("a%2fb")) ==
        "assignment id: character '%' at byte 1 is not allowed; " + id_rule);
    BOOST_TEST(
        problem(assignment_ref::group("a\r\nb", guid)) ==
        "group id: character '\\x0d' at byte 1 is not allowed; " + id_rule);
    BOOST_TEST(
        problem(assignment_ref::user("a b", guid)) ==
        "user id: character ' ' at byte 1 is not allowed; " + user_id_rule);
    BOOST_TEST(
        problem(assignment_ref::admin(std::string("a\0b", 3))) ==
        "assignment id: character '\\x00' at byte 1 is not allowed; " + id_rule);
    BOOST_TEST(
        problem(assignment_ref::admin("\xc3\xa4")) ==
        "assignment id: character '\\xc3' at byte 0 is not allowed; " + id_rule);
    BOOST_TEST(
        problem(assignment_ref::group("a'b", guid)) ==
        "group id: character '\\'' at byte 1 is not allowed; " + id_rule);
    BOOST_TEST(
        problem(assignment_ref::group("/", "?")) ==
        "group id: character '/' at byte 0 is not allowed; " + id_rule);
}

BOOST_AUTO_TEST_CASE(row_24_at_most_256_bytes) {
    BOOST_TEST(problem(assignment_ref::admin(std::string(256, 'a'))) == "none");
    BOOST_TEST(
        problem(assignment_ref::admin(std::string(257, '/'))) ==
        "assignment id has 257 bytes; ids hold 1 to 256 bytes");
    BOOST_TEST(
        problem(assignment_ref::user(std::string(10'000, 'a'), guid)) ==
        "user id has 10000 bytes; ids hold 1 to 256 bytes");
    BOOST_TEST(problem(assignment_ref::admin("")) == "assignment id is empty; ids hold 1 to 256 bytes");
    BOOST_TEST(problem(assignment_ref::user("", guid)) == "user id is empty; ids hold 1 to 256 bytes");
    BOOST_TEST(problem(assignment_ref::group("", guid)) == "group id is empty; ids hold 1 to 256 bytes");
    BOOST_TEST(problem(assignment_ref::user(guid, "")) == "assignment id is empty; ids hold 1 to 256 bytes");
}

BOOST_AUTO_TEST_CASE(row_24_dot_segments) {
    std::string const rule = " is not allowed; as a path segment it would name another resource";
    BOOST_TEST(problem(assignment_ref::admin(".")) == "assignment id \".\"" + rule);
    BOOST_TEST(problem(assignment_ref::admin("..")) == "assignment id \"..\"" + rule);
    BOOST_TEST(problem(assignment_ref::user("..", guid)) == "user id \"..\"" + rule);
    BOOST_TEST(problem(assignment_ref::group(".", guid)) == "group id \".\"" + rule);
}

BOOST_AUTO_TEST_CASE(equality_and_hash_take_all_parts) {
    BOOST_TEST(bool(assignment_ref::user("u", "a") == assignment_ref::user("u", "a")));
    BOOST_TEST(!(assignment_ref::user("u", "a") == assignment_ref::group("u", "a")));
    BOOST_TEST(!(assignment_ref::user("u", "a") == assignment_ref::user("v", "a")));
    BOOST_TEST(!(assignment_ref::user("u", "a") == assignment_ref::user("u", "b")));

    std::hash<assignment_ref> const hash;
    BOOST_TEST(hash(assignment_ref::user("u", "a")) == hash(assignment_ref::user("u", "a")));
    std::unordered_set<std::size_t> hashes{
        hash(assignment_ref::admin("u")), hash(assignment_ref::admin("a"))};
    for (auto const* const first : {"u", "a", "ua", "x"}) {
        for (auto const* const second : {"u", "a", "ua", "x"}) {
            hashes.insert(hash(assignment_ref::user(first, second)));
            hashes.insert(hash(assignment_ref::group(first, second)));
        }
    }
    BOOST_TEST(hashes.size() == 34u);
}

BOOST_AUTO_TEST_SUITE_END()
