#include "io/credentials/secret_file.hpp"
#include "support/client_certificates.hpp"
#include "support/coroutine.hpp"

#include <allot/credential_sources.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace allot {
namespace {

struct fixture {
    test::temporary_folder folder;
    std::string const path = (folder.path() / "token").string();

    static result<secret> text_of(result<secret_content> content) {
        if (!content)
            return content.error();
        return std::move(content->text);
    }
    result<secret> read(std::string_view content) {
        test::write_file(path, content);
        return text_of(read_secret_line({"token file", path}, file_reading::first));
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
    auto const made = read_secret_line({"token file", path + "-missing"}, file_reading::first);
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

/// A pipe with a name; nobody has it open.
std::string make_pipe(std::filesystem::path const& at) {
    test::must(::mkfifo(at.c_str(), 0600) == 0, at.string());
    return at.string();
}

BOOST_AUTO_TEST_CASE(a_pipe_is_read_to_its_end_the_first_time) {
    make_pipe(path);
    std::thread writer([this] {
        std::ofstream out(path); // waits for the reader
        out << "first" << std::flush << "-half\n";
    });
    auto const content = read_secret_line({"token file", path}, file_reading::first);
    writer.join();
    BOOST_TEST(content.value().text.reveal() == "first-half");
    BOOST_TEST(!content.value().can_be_renewed);
}

BOOST_AUTO_TEST_CASE(a_pipe_without_an_end_meets_the_deadline) {
    secret_file file{"token file", make_pipe(path)};
    file.patience = std::chrono::milliseconds(1);
    auto const expected = "token file " + path +
                          ": has no end after 0 s; whoever writes to this pipe must write all and close it";
    BOOST_TEST(read_secret_line(file, file_reading::first).error().message == expected);
    auto const both_ends = ::open(path.c_str(), O_RDWR);
    BOOST_TEST_REQUIRE(::write(both_ends, "marker", 6) == 6);
    BOOST_TEST(read_secret_line(file, file_reading::first).error().message == expected);
    ::close(both_ends);
}

BOOST_AUTO_TEST_CASE(only_a_regular_file_is_read_again) {
    test::write_file(path, "word");
    auto const content = read_secret_line({"token file", path}, file_reading::again).value();
    BOOST_TEST(content.text.reveal() == "word");
    BOOST_TEST(content.can_be_renewed);
    for (auto const& other : {make_pipe(folder.path() / "pipe"), folder.path().string()}) {
        auto const refused = read_secret_line({"token file", other}, file_reading::again);
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST(
            refused.error().message.starts_with("token file " + other + ": is no regular file and was read"),
            refused.error().message);
    }
}

BOOST_AUTO_TEST_CASE(a_pipe_gives_a_token_file_one_token_and_never_blocks_later) {
    boost::asio::io_context context;
    int ends[2];
    BOOST_TEST_REQUIRE(::pipe(ends) == 0);
    BOOST_TEST_REQUIRE(::write(ends[1], "token\n", 6) == 6);
    ::close(ends[1]);
    // As process substitution of a shell has it.
    auto const credential = make_token_file_credential("/dev/fd/" + std::to_string(ends[0]));
    auto const fetch = [&] { return test::run(context, credential->fetch_token(token_request("scope"))); };
    auto const token = fetch().value();
    BOOST_TEST(token.value.reveal() == "token");
    BOOST_TEST(!token.refresh_at.has_value());
    auto const again = fetch();
    BOOST_TEST((again.error().code == errc::token_unavailable));
    BOOST_TEST(again.error().message.find("is no regular file") != std::string::npos, again.error().message);
    ::close(ends[0]);
}

BOOST_AUTO_TEST_CASE(a_token_file_that_became_a_pipe_is_refused) {
    boost::asio::io_context context;
    auto const credential = make_token_file_credential(test::write_file(path, "token"));
    auto const fetch = [&] { return test::run(context, credential->fetch_token(token_request("scope"))); };
    BOOST_TEST(fetch().value().value.reveal() == "token");
    std::filesystem::remove(path);
    make_pipe(path);
    BOOST_TEST(fetch().error().message.find("is no regular file") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
