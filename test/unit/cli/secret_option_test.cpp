#include "cli/secret_option.hpp"
#include "cli/usage_error.hpp"
#include "unit/audit/scratch_folder.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <utility>

using namespace allot;
using namespace allot::test;

namespace {

/// The end of a pipe that somebody reads `text` from.
int pipe_with(std::string const& text) {
    int ends[2];
    BOOST_TEST_REQUIRE(::pipe(ends) == 0);
    BOOST_TEST_REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<::ssize_t>(text.size()));
    ::close(ends[1]);
    return ends[0];
}

bool is_open(int descriptor) {
    return ::fcntl(descriptor, F_GETFD) != -1;
}

std::string name_of(int descriptor) {
    return "fd:" + std::to_string(descriptor);
}

std::optional<std::string> parse(std::string const& value) {
    std::optional<std::string> target;
    CLI::App app("test", "test");
    add_secret_option(app, "--secret-file", target, "file with a secret");
    app.parse(std::vector<std::string>{value, "--secret-file"});
    return target;
}

secret read(std::string const& value) {
    return read_secret_option("--secret-file", value, "the secret");
}

void expect_refused(std::string const& value, std::string const& message) {
    BOOST_CHECK_EXCEPTION(read(value), usage_error, [&](usage_error const& error) {
        BOOST_TEST(error.what() == message);
        return true;
    });
}

}

BOOST_AUTO_TEST_SUITE(secret_option_)

BOOST_AUTO_TEST_CASE(a_descriptor_is_read_to_its_end_and_closed) {
    auto const descriptor = pipe_with("the text\r\n");
    auto const value = parse(name_of(descriptor)).value();
    BOOST_TEST(is_descriptor(value));
    BOOST_TEST((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    BOOST_TEST(read(value).reveal() == "the text");
    BOOST_TEST(!is_open(descriptor));
    expect_refused(value, "--secret-file: cannot read " + value + ": Bad file descriptor");
}

BOOST_AUTO_TEST_CASE(a_descriptor_that_is_not_open_or_not_ones_own_is_refused) {
    auto const closed = pipe_with("x");
    ::close(closed);
    for (auto const& value :
         {name_of(closed), std::string("fd:"), std::string("fd:x"), std::string("fd:3x"),
          std::string("fd:-1"), std::string("fd:0"), std::string("fd:1"), std::string("fd:2"),
          std::string("fd:99999999999")})
        BOOST_CHECK_EXCEPTION(parse(value), CLI::ParseError, [&](CLI::ParseError const& error) {
            BOOST_TEST(
                error.what() ==
                "--secret-file: must be a file, or fd:N for an open descriptor N from 3, not \"" + value +
                    '"');
            return true;
        });
    BOOST_TEST(is_open(0));
}

BOOST_AUTO_TEST_CASE(a_file_of_such_a_name_has_a_folder) {
    scratch_folder const folder;
    auto const path = folder.write("fd:3", "text");
    BOOST_TEST(!is_descriptor(parse(path).value()));
    BOOST_TEST(read(path).reveal() == "text");
}

BOOST_AUTO_TEST_CASE(a_secret_of_the_largest_size) {
    scratch_folder const folder;
    BOOST_TEST(read(folder.write("a", std::string(65'536, 'x'))).reveal().size() == 65'536U);
    expect_refused(
        folder.write("b", std::string(65'537, 'x')),
        "--secret-file " + folder / "b" + " is larger than 64 KiB; it must hold the secret alone");
}

BOOST_AUTO_TEST_CASE(nothing_to_read) {
    auto const value = parse(name_of(pipe_with("\n"))).value();
    expect_refused(value, "--secret-file " + value + " is empty; it must hold the secret");
}

BOOST_AUTO_TEST_SUITE_END()
