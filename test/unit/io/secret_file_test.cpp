#include "io/credentials/secret_file.hpp"
#include "support/client_certificates.hpp"
#include "support/coroutine.hpp"

#include <allot/credential_sources.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace allot {
namespace {

struct fixture {
    test::temporary_folder folder;
    std::string const path = (folder.path() / "token").string();

    result<secret> read(std::string_view content) {
        test::write_file(path, content);
        return read_secret_line({"token file", path});
    }
    void check_refused(std::string_view content, std::string_view reason) {
        auto const made = read(content);
        BOOST_TEST_REQUIRE(made.has_error());
        BOOST_TEST((made.error().code == errc::token_unavailable));
        auto const& message = made.error().message;
        BOOST_TEST(message.starts_with("token file " + path + ": "), message);
        BOOST_TEST(message.find(reason) != std::string::npos, message);
        BOOST_TEST(message.find("marker") == std::string::npos, message);
    }
};

BOOST_FIXTURE_TEST_SUITE(secret_files, fixture)

BOOST_AUTO_TEST_CASE(one_word_without_the_space_around_it) {
    for (auto const* const content : {"a.b-c", "a.b-c\n", "\r\n\t a.b-c \r\n"})
        BOOST_TEST(read(content).value().reveal() == "a.b-c");
    std::string const most(64 * 1024, 'x');
    BOOST_TEST(read(most).value().reveal() == most);
}

BOOST_AUTO_TEST_CASE(others_are_refused_and_not_repeated) {
    check_refused("", "is empty");
    check_refused(" \n", "is empty");
    check_refused("marker1 marker2", "more than one token");
    check_refused("marker1\nmarker2\n", "more than one token");
    check_refused("marker" + std::string(64 * 1024, 'x'), "larger than 64 KiB");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read) {
    auto const made = read_secret_line({"token file", path + "-missing"});
    BOOST_TEST(
        made.error().message ==
        "token file " + path + "-missing: cannot be opened: No such file or directory");
    BOOST_TEST(made.error().cause.value() == ENOENT);
}

BOOST_AUTO_TEST_CASE(a_token_file_is_looked_at_again_after_five_seconds) {
    boost::asio::io_context context;
    auto const credential = make_token_file_credential(path);
    auto const fetch = [&] { return test::run(context, credential->fetch_token(token_request("scope"))); };
    BOOST_TEST((fetch().error().code == errc::token_unavailable));
    test::write_file(path, "first\n");
    auto const first = fetch().value();
    BOOST_TEST(first.value.reveal() == "first");
    BOOST_TEST((first.refresh_at == first.acquired_at + std::chrono::seconds(5)));
    BOOST_TEST((first.expires_at == std::chrono::steady_clock::time_point::max()));
    test::write_file(path, "second\n");
    BOOST_TEST(fetch().value().value.reveal() == "second");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
