#include "cli/client_options.hpp"
#include "cli/secret_file_check.hpp"
#include "unit/audit/scratch_folder.hpp"
#include "unit/cli/captured_output.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <sys/stat.h>
#include <unistd.h>

using namespace allot;
using namespace allot::test;

namespace {

struct fixture {
    scratch_folder folder;

    std::string file(std::string const& name, ::mode_t mode) const {
        auto path = folder.write(name, "marker");
        BOOST_TEST_REQUIRE(::chmod(path.c_str(), mode) == 0);
        return path;
    }

    std::string logged(client_options const& options) const {
        captured_output const errors(STDERR_FILENO);
        console terminal(options.seeing);
        warn_of(options, terminal);
        return errors.text();
    }
};

}

BOOST_FIXTURE_TEST_SUITE(secret_file_check_, fixture)

BOOST_AUTO_TEST_CASE(others_can_read_it) {
    for (auto const& [mode, shown] :
         {std::pair(0640U, "0640"), std::pair(0604U, "0604"), std::pair(0644U, "0644")}) {
        auto const path = file("secret", mode);
        auto const expected =
            "--option " + path + " has mode " + shown +
            ", so that other users of this machine can read the secret; close it: chmod 600 " + path;
        BOOST_TEST(open_mode_warning("--option", path).value() == expected);
    }
}

BOOST_AUTO_TEST_CASE(only_the_owner_can_read_it) {
    for (auto const mode : {0600U, 0400U, 0700U, 0622U})
        BOOST_TEST(!open_mode_warning("--option", file("secret", mode)));
}

BOOST_AUTO_TEST_CASE(the_command_can_be_pasted) {
    auto const path = file("my secret", 0644);
    auto const warning = open_mode_warning("--option", path).value();
    BOOST_TEST(warning.ends_with("chmod 600 '" + path + "'"), warning);
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_for_others_to_say) {
    BOOST_TEST(!open_mode_warning("--option", folder / "none"));
    BOOST_TEST(!open_mode_warning("--option", folder / "."));
    auto const path = folder / "pipe";
    BOOST_TEST_REQUIRE(::mkfifo(path.c_str(), 0666) == 0);
    BOOST_TEST(!open_mode_warning("--option", path));
}

BOOST_AUTO_TEST_CASE(every_option_that_names_a_secret_is_checked) {
    client_options options;
    options.credential.token_file = file("token", 0644);
    options.credential.client_secret_file = file("client-secret", 0644);
    auto const text = logged(options);
    BOOST_TEST(text.find("allot: warning: --token-file " + folder / "token") != std::string::npos, text);
    BOOST_TEST(
        text.find("allot: warning: --client-secret-file " + folder / "client-secret") != std::string::npos,
        text);
    options.seeing.level = log_level::error;
    BOOST_TEST(logged(options).empty());
}

BOOST_AUTO_TEST_CASE(a_descriptor_has_no_mode) {
    file("fd:3", 0644);
    client_options options;
    options.credential.token_file = "fd:3";
    BOOST_TEST(logged(options).empty());
}

BOOST_AUTO_TEST_SUITE_END()
