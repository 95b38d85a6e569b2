#include "audit/io_error.hpp"
#include "audit/kept_input.hpp"
#include "unit/audit/scratch_folder.hpp"
#include "unit/audit/sources.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace allot;
using namespace allot::test;

using texts = std::vector<std::string>;

namespace {

std::string described(kept_reference const& one) {
    auto const& reference = one.reference;
    auto made = std::to_string(one.position) + ' ' + to_string(reference.scope()) + ' ' +
                reference.principal_id() + '/' + reference.assignment_id();
    for (auto const position : one.repeats)
        made += " +" + std::to_string(position);
    return made;
}

texts all_of(kept_input& input) {
    texts made;
    while (auto const next = input.next())
        made.push_back(described(*next));
    return made;
}

/// Temporary files are made in a folder of the test's.
struct own_temporary_folder {
    own_temporary_folder() { ::setenv("TMPDIR", (folder / "").c_str(), 1); }
    ~own_temporary_folder() { before ? ::setenv("TMPDIR", before->c_str(), 1) : ::unsetenv("TMPDIR"); }

    std::optional<std::string> const before =
        std::getenv("TMPDIR") ? std::optional<std::string>(std::getenv("TMPDIR")) : std::nullopt;
    scratch_folder folder;
};

/// No file may grow.
struct full_disk {
    full_disk() {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before);
        rlimit const none{0, before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &none);
    }
    ~full_disk() {
        ::setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, SIG_DFL);
    }

    rlimit before{};
};

}

BOOST_AUTO_TEST_SUITE(kept_input_)

BOOST_AUTO_TEST_CASE(references_come_back_in_their_order_between_invalid_entries) {
    auto input = keep_input(text_source("a\nusers/u@x/b\nc%\ngroups/g/b\n\nb\n"), "ids", input_format::lines);
    BOOST_TEST(input.size() == 5U);
    BOOST_REQUIRE(input.invalid().size() == 1U);
    BOOST_TEST(input.invalid().front().position == 3U);
    BOOST_TEST(
        all_of(input) == (texts{"1 admin /a", "2 user u@x/b", "4 group g/b", "5 admin /b"}),
        boost::test_tools::per_element());
    BOOST_TEST(!input.next());
}

BOOST_AUTO_TEST_CASE(a_reference_comes_once_with_all_its_positions) {
    auto input = keep_input(text_source("a\nb\na%\na\nc\nusers/u/a\nb\na\n"), "ids", input_format::lines);
    BOOST_TEST(
        all_of(input) == (texts{"1 admin /a +4 +8", "2 admin /b +7", "5 admin /c", "6 user u/a"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(positions_may_leave_gaps) {
    kept_input input;
    input.add(assignment_ref::admin("a"), 3);
    input.add(assignment_ref::admin("b"), 7);
    BOOST_TEST(all_of(input) == (texts{"3 admin /a", "7 admin /b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_id_may_be_longer_than_any_that_is_sent) {
    kept_input input;
    std::string const id(100'000, 'x');
    input.add(assignment_ref::user(id, "a"), 1);
    input.add(assignment_ref::group("g", id), 2);
    BOOST_TEST(all_of(input) == (texts{"1 user " + id + "/a", "2 group g/" + id}));
}

BOOST_AUTO_TEST_CASE(an_input_without_references_has_none) {
    auto input = keep_input(text_source("a%\n"), "ids", input_format::lines);
    BOOST_TEST(input.size() == 1U);
    BOOST_TEST(!input.next());
}

/// However much is in memory, where the file begins, and in however many parts repeats are looked for.
BOOST_AUTO_TEST_CASE(what_memory_does_not_take_is_the_same) {
    own_temporary_folder const temporary;
    texts expected;
    for (int number = 1; number <= 300; ++number)
        expected.push_back(std::to_string(number) + " admin /id-" + std::to_string(number));
    expected[6] += " +301 +303";
    expected[299] += " +302";
    for (std::size_t const bytes : {0U, 1U, 23U, 24U, 25U, 1'000U, 100'000U}) {
        kept_input input(bytes, 1 + bytes % 100);
        for (int number = 1; number <= 300; ++number)
            input.add(assignment_ref::admin("id-" + std::to_string(number)), input.size() + 1);
        for (char const* repeated : {"id-7", "id-300", "id-7"})
            input.add(assignment_ref::admin(repeated), input.size() + 1);
        BOOST_TEST(all_of(input) == expected, boost::test_tools::per_element());
        BOOST_TEST(std::filesystem::is_empty(temporary.folder / ""));
    }
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_an_error_that_names_the_way_out) {
    own_temporary_folder const temporary;
    full_disk const limit;
    kept_input input(0);
    auto fill = [&input] {
        for (int number = 0; number != 10'000; ++number)
            input.add(assignment_ref::admin("id"), input.size() + 1);
        input.next();
    };
    BOOST_CHECK_EXCEPTION(fill(), io_error, [&temporary](io_error const& error) {
        std::string const text = error.what();
        return text.find("TMPDIR") != std::string::npos &&
               text.find(temporary.folder / "") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
