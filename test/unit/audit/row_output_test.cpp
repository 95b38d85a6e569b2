#include "audit/io_error.hpp"
#include "audit/row_output.hpp"
#include "unit/audit/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace allot;
using namespace allot::test;

namespace {

auto names(std::string const& text) {
    return [text](io_error const& error) {
        BOOST_TEST(std::string(error.what()).find(text) != std::string::npos, error.what());
        return true;
    };
}

}

BOOST_AUTO_TEST_SUITE(row_output_)

BOOST_AUTO_TEST_CASE(a_file_gets_its_name_when_it_is_complete) {
    scratch_folder const folder;
    auto const path = folder.write("rows", "old");
    row_output output(path);
    output.append("a\n");
    output.flush();
    BOOST_TEST(text_of(path) == "old");
    BOOST_TEST(text_of(path + ".partial") == "a\n");
    BOOST_TEST(output.partial_path() == path + ".partial");
    output.append("b\n");
    output.finish();
    BOOST_TEST(text_of(path) == "a\nb\n");
    BOOST_TEST(!std::filesystem::exists(path + ".partial"));
    BOOST_TEST(output.partial_path() == "");
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_early_leaves_its_rows) {
    scratch_folder const folder;
    auto const path = folder / "rows";
    {
        row_output output(path);
        output.append("a\n");
        output.leave();
    }
    BOOST_TEST(!std::filesystem::exists(path));
    BOOST_TEST(text_of(path + ".partial") == "a\n");
    row_output next(path);
    next.append("b\n");
    next.finish();
    BOOST_TEST(text_of(path) == "b\n");
}

BOOST_AUTO_TEST_CASE(what_is_discarded_is_gone) {
    scratch_folder const folder;
    auto const path = folder.write("rows", "old");
    {
        row_output output(path);
        output.append("a\n");
        output.flush();
        output.discard();
    }
    BOOST_TEST(text_of(path) == "old");
    BOOST_TEST(!std::filesystem::exists(path + ".partial"));
}

BOOST_AUTO_TEST_CASE(the_partial_file_of_a_link_is_beside_its_file) {
    scratch_folder const folder;
    auto const path = folder.write("rows", "old");
    std::filesystem::create_symlink(path, folder / "latest");
    BOOST_TEST(partial_name(folder / "latest") == std::filesystem::canonical(path).string() + ".partial");
    BOOST_TEST(partial_name(folder / "new") == (folder / "new") + ".partial");
}

BOOST_AUTO_TEST_CASE(one_run_at_a_time_writes_a_file) {
    scratch_folder const folder;
    auto const path = folder / "rows";
    row_output first(path);
    BOOST_CHECK_EXCEPTION(row_output{path}, io_error, names("another run"));
    first.append("a\n");
    first.finish();
    BOOST_TEST(text_of(path) == "a\n");
}

BOOST_AUTO_TEST_CASE(a_link_keeps_pointing_at_its_file) {
    scratch_folder const folder;
    auto const path = folder.write("rows", "old");
    std::filesystem::create_symlink(path, folder / "latest");
    row_output output(folder / "latest");
    output.append("new");
    output.finish();
    BOOST_TEST(text_of(path) == "new");
    BOOST_TEST(std::filesystem::is_symlink(folder / "latest"));
}

BOOST_AUTO_TEST_CASE(places_that_cannot_be_written) {
    scratch_folder const folder;
    BOOST_CHECK_EXCEPTION(
        row_output{folder / "none/rows"}, io_error, names("none/rows.partial: No such file"));
    BOOST_CHECK_EXCEPTION(row_output{folder / "."}, io_error, names("directory"));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_an_error) {
    row_output output("/dev/full");
    output.append("a\n");
    BOOST_CHECK_EXCEPTION(output.finish(), io_error, names("/dev/full: No space left on device"));
}

BOOST_AUTO_TEST_CASE(a_file_size_limit_is_an_error) {
    scratch_folder const folder;
    auto const before = std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    ::getrlimit(RLIMIT_FSIZE, &old);
    row_output output(folder / "rows");
    rlimit const small{1'000, old.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    output.append(std::string(2'000, 'x'));
    BOOST_CHECK_EXCEPTION(output.finish(), io_error, names("rows.partial: File too large (file-size limit)"));
    ::setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, before);
    BOOST_TEST(!std::filesystem::exists(folder / "rows"));
}

BOOST_AUTO_TEST_CASE(a_pipe_takes_what_it_has_room_for) {
    scratch_folder const folder;
    auto const path = folder / "pipe";
    BOOST_REQUIRE_EQUAL(::mkfifo(path.c_str(), 0600), 0);
    file_descriptor const reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
    row_output output(path);
    BOOST_TEST(output.partial_path() == "");
    std::string const rows(300'000, 'x');
    std::size_t const sent = rows.size() + 1'048'576;
    output.append(rows); // more than a pipe holds: does not block
    BOOST_TEST(output.has_room());
    output.append(std::string(1'048'576, 'x'));
    BOOST_TEST(!output.has_room());
    std::size_t received = 0;
    std::array<char, 65'536> space{};
    while (received != sent) {
        auto const got = ::read(reader.get(), space.data(), space.size());
        BOOST_REQUIRE_GT(got, 0);
        received += static_cast<std::size_t>(got);
        output.flush();
    }
    BOOST_TEST(output.has_room());
    output.finish();
}

BOOST_AUTO_TEST_CASE(a_pipe_without_a_reader_is_told_from_other_errors) {
    scratch_folder const folder;
    auto const path = folder / "pipe";
    BOOST_REQUIRE_EQUAL(::mkfifo(path.c_str(), 0600), 0);
    auto const before = std::signal(SIGPIPE, SIG_IGN);
    file_descriptor reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
    row_output output(path);
    reader = file_descriptor();
    output.append("a\n");
    BOOST_CHECK_EXCEPTION(
        output.finish(), io_error, [](io_error const& error) { return error.broken_pipe(); });
    std::signal(SIGPIPE, before);
}

BOOST_AUTO_TEST_SUITE_END()
