#include "io/credentials/arc_key.hpp"
#include "support/test_ca.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace allot {
namespace {

namespace fs = std::filesystem;

struct fixture {
    test::temporary_folder root;
    fs::path folder = root.path() / "tokens";
    fs::path elsewhere = root.path() / "elsewhere";

    fixture() {
        fs::create_directory(folder);
        fs::create_directory(elsewhere);
    }

    static std::string write(fs::path const& path, std::string const& content) {
        std::ofstream(path, std::ios::binary) << content;
        return path.string();
    }

    result<secret> read(std::string const& path) const { return read_arc_key(path, folder.string()); }

    std::string refusal(std::string const& path) const {
        auto const key = read(path);
        BOOST_TEST_REQUIRE(!key.has_value(), path);
        BOOST_TEST((key.error().code == errc::token_unavailable));
        BOOST_TEST(key.error().message.find("marker") == std::string::npos);
        return key.error().message;
    }
};

bool has(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

BOOST_FIXTURE_TEST_SUITE(arc_keys, fixture)

BOOST_AUTO_TEST_CASE(a_key_without_the_space_around_it) {
    auto const path = write(folder / "a.key", " \r\n\tk3y with=inner space \n");
    BOOST_TEST(read(path).value().reveal() == "k3y with=inner space");
    BOOST_TEST(read_arc_key(path, folder.string() + "/").value().reveal() == "k3y with=inner space");
}

BOOST_AUTO_TEST_CASE(sizes) {
    BOOST_TEST(read(write(folder / "a.key", std::string(4096, 'x'))).value().reveal().size() == 4096u);
    BOOST_TEST(has(refusal(write(folder / "b.key", std::string(4097, 'x'))), "larger than 4096 bytes"));
    BOOST_TEST(has(refusal(write(folder / "b.key", "marker" + std::string(4097, ' '))), "larger than"));
    BOOST_TEST(has(refusal(write(folder / "c.key", "")), "is empty"));
    BOOST_TEST(has(refusal(write(folder / "d.key", " \n")), "is empty"));
}

BOOST_AUTO_TEST_CASE(a_key_that_could_break_a_field) {
    for (auto const& content :
         {std::string("marker\nX: y"), std::string("marker\0x", 8), std::string("marker\x7f")})
        BOOST_TEST(has(refusal(write(folder / "a.key", content)), "more than one line"));
}

BOOST_AUTO_TEST_CASE(only_files_directly_in_the_folder_with_the_right_end) {
    write(elsewhere / "a.key", "marker");
    write(folder / "a.key", "marker");
    write(folder / "a.key.txt", "marker");
    write(folder / ".key", "marker");
    fs::create_directory(folder / "inner");
    write(folder / "inner" / "a.key", "marker");
    fs::create_directory(root.path() / "tokens2");
    write(root.path() / "tokens2" / "a.key", "marker");
    auto const in = folder.string();
    for (auto const& path :
         {(elsewhere / "a.key").string(), in + "/../elsewhere/a.key", in + "/../tokens/a.key",
          in + "/inner/a.key", in + "//a.key", in + "/./a.key", in + "/a.key.txt", in + "/.key",
          in + "/a.KEY", in + "/a.key/", in + "2/a.key", in + "a.key", in, in + "/", std::string("a.key"),
          std::string(), std::string("/etc/passwd"), in + std::string("/a\0.key", 7)})
        BOOST_TEST(has(refusal(path), "must lie in " + in + " and end in .key"), path);
}

BOOST_AUTO_TEST_CASE(links_are_not_followed) {
    auto const target = write(elsewhere / "b.key", "marker");
    fs::create_symlink(target, folder / "a.key");
    BOOST_TEST(has(refusal((folder / "a.key").string()), "is a link"));
    fs::create_symlink("nowhere", folder / "c.key");
    BOOST_TEST(has(refusal((folder / "c.key").string()), "is a link"));
}

BOOST_AUTO_TEST_CASE(what_is_no_regular_file_is_not_read) {
    fs::create_directory(folder / "a.key");
    BOOST_TEST(has(refusal((folder / "a.key").string()), "no regular file"));
    auto const pipe = (folder / "b.key").string();
    BOOST_TEST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    BOOST_TEST(has(refusal(pipe), "no regular file"));
}

BOOST_AUTO_TEST_CASE(what_is_not_there_or_not_readable) {
    auto const missing = (folder / "a.key").string();
    BOOST_TEST(has(refusal(missing), "cannot be opened: No such file"));
    fs::remove_all(folder);
    BOOST_TEST(has(refusal(missing), "cannot be opened: No such file"));
    BOOST_TEST((read(missing).error().cause == boost::system::errc::no_such_file_or_directory));
    if (::geteuid() == 0)
        return; // may read everything
    fs::create_directory(folder);
    auto const path = write(folder / "b.key", "marker");
    fs::permissions(path, fs::perms::none);
    BOOST_TEST(has(refusal(path), "the group himds"));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
