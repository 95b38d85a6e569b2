#include "audit/input.hpp"
#include "audit/input_file.hpp"
#include "audit/io_error.hpp"
#include "support/collected_input.hpp"
#include "unit/audit/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>

using namespace allot;
using namespace allot::test;

BOOST_AUTO_TEST_SUITE(input_file_)

BOOST_AUTO_TEST_CASE(a_file_is_read) {
    scratch_folder const folder;
    input_file const file(folder.write("ids", "a\nb\n"));
    auto const input = read_input(file.source(), file.name(), input_format::automatic);
    BOOST_TEST(input.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_refused_by_name) {
    scratch_folder const folder;
    BOOST_CHECK_EXCEPTION(input_file{folder / "none"}, input_error, [](input_error const& error) {
        return std::string(error.what()).find("/none: there is no such file") != std::string::npos;
    });
    BOOST_CHECK_EXCEPTION(input_file{folder / "."}, input_error, [](input_error const& error) {
        return std::string(error.what()).find("is a directory") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(a_file_that_may_not_be_read_is_an_io_error) {
    // The process's own memory: reading its first page fails for any user.
    input_file const file("/proc/self/mem");
    BOOST_CHECK_EXCEPTION(
        read_input(file.source(), file.name(), input_format::automatic), io_error, [](io_error const& error) {
            return std::string(error.what()).find("cannot read /proc/self/mem: ") == 0;
        });
}

BOOST_AUTO_TEST_CASE(the_same_file_is_found_by_another_name) {
    scratch_folder const folder;
    auto const path = folder.write("ids", "a\n");
    std::filesystem::create_hard_link(path, folder / "other");
    input_file const file(path);
    BOOST_TEST(file.is_same_file(folder / "other"));
    BOOST_TEST(!file.is_same_file(folder.write("third", "a\n")));
    BOOST_TEST(!file.is_same_file(folder / "none"));
}

BOOST_AUTO_TEST_SUITE_END()
