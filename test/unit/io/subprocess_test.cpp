#include "io/subprocess.hpp"
#include "scripts.hpp"
#include "support/coroutine.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace allot {
namespace {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using end = subprocess_result::end;
using test::no_child_left;

// Without the pipe: tail ends with the reader of its output.
constexpr char const* stays = "exec tail -f /dev/null >/dev/null\n";

struct fixture {
    test::temporary_folder folder;
    test::lifeline held{folder};

    std::string script(std::string const& body) const { return test::write_script(folder, "program", body); }

    /// A script that reports from a grandchild; neither of the two ends of itself or with SIGTERM.
    std::string stubborn_family() const {
        return script(held.hold() + "trap '' TERM\n(" + test::lifeline::report() + stays + ") &\n" + stays);
    }

    static subprocess_result
    run(std::vector<std::string> arguments, std::chrono::milliseconds timeout = std::chrono::minutes(1),
        std::vector<std::string> without = {}) {
        asio::io_context context;
        subprocess_call call(std::move(arguments), clock::now() + timeout);
        call.without = std::move(without);
        auto out = test::run(context, run_program(std::move(call)));
        BOOST_TEST(no_child_left());
        return out;
    }

    static std::string output_of(std::vector<std::string> arguments, std::vector<std::string> without = {}) {
        auto const out = run(std::move(arguments), std::chrono::minutes(1), std::move(without));
        BOOST_TEST((out.how == end::finished));
        BOOST_TEST(out.status.exit_code == 0);
        return std::string(out.output.reveal());
    }
};

BOOST_FIXTURE_TEST_SUITE(subprocesses, fixture)

BOOST_AUTO_TEST_CASE(what_it_writes_and_how_it_ends) {
    auto const out = run({script("echo out\necho err >&2\nexit 7"), "unused"});
    BOOST_TEST((out.how == end::finished));
    BOOST_TEST(out.output.reveal() == "out\n");
    BOOST_TEST(out.error_output == "err\n");
    BOOST_TEST(out.status.exit_code == 7);
    BOOST_TEST(out.status.signal == 0);
    BOOST_TEST(!out.status.lost);
    BOOST_TEST(run({script("kill -9 $$")}).status.signal == SIGKILL);
}

BOOST_AUTO_TEST_CASE(arguments_are_not_read_by_a_shell) {
    std::string const odd = "$(echo x) `id`; * \" ' \\ \n";
    BOOST_TEST(output_of({script("printf '%s|' \"$@\""), odd, "", "two"}) == odd + "||two|");
}

BOOST_AUTO_TEST_CASE(a_name_is_looked_up_in_path) {
    auto const path = script("echo found");
    test::variable const there("PATH", folder.path().string() + ":/usr/bin:/bin");
    BOOST_TEST(output_of({"program"}) == "found\n");
}

BOOST_AUTO_TEST_CASE(a_relative_path_is_below_the_current_folder) {
    auto const path = script("pwd");
    auto const before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    auto const out = run({"./program"});
    std::filesystem::current_path(before);
    BOOST_TEST(out.output.reveal() == "/\n");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_started) {
    auto const missing = run({"allot-no-such-program"});
    BOOST_TEST((missing.how == end::not_started));
    BOOST_TEST((missing.cause == boost::system::errc::no_such_file_or_directory));
    auto const path = script("");
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    BOOST_TEST((run({path}).cause == boost::system::errc::permission_denied));
}

BOOST_AUTO_TEST_CASE(it_has_no_descriptor_of_this_process) {
    auto const kept = (folder.path() / "kept open").string();
    int const open_file = ::open(kept.c_str(), O_WRONLY | O_CREAT, 0600); // inherited as a rule
    auto const names = output_of({script("readlink /proc/$$/fd/*\nexit 0")});
    ::close(open_file);
    BOOST_TEST(names.find("/dev/null\n") == 0u, names);
    BOOST_TEST(names.find("kept open") == std::string::npos, names);
    BOOST_TEST(names.find("eventpoll") == std::string::npos, names);
    std::size_t pipes = 0;
    for (auto at = names.find("pipe:"); at != std::string::npos; at = names.find("pipe:", at + 1))
        ++pipes;
    BOOST_TEST(pipes == 2u, names);
}

BOOST_AUTO_TEST_CASE(named_variables_are_not_passed_on) {
    test::variable const hidden("ALLOT_TEST_HIDDEN", "marker");
    test::variable const shown("ALLOT_TEST_SHOWN", "shown");
    auto const names = output_of({"env"}, {"ALLOT_TEST_HIDDEN", "ALLOT_TEST"});
    BOOST_TEST(names.find("marker") == std::string::npos);
    BOOST_TEST(names.find("ALLOT_TEST_SHOWN=shown\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(signals_are_as_in_a_new_process) {
    ::sigset_t blocked;
    ::sigset_t before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    auto* const pipe_before = std::signal(SIGPIPE, SIG_IGN);
    auto const masks = output_of({script("grep -E '^Sig(Blk|Ign)' /proc/$$/status | cut -f2")});
    std::signal(SIGPIPE, pipe_before);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    BOOST_TEST(std::stoull(masks, nullptr, 16) == 0u);
    BOOST_TEST((std::stoull(masks.substr(masks.find('\n')), nullptr, 16) >> (SIGPIPE - 1) & 1) == 0u);
}

BOOST_AUTO_TEST_CASE(its_group_is_its_own) {
    BOOST_TEST(output_of({script("test $$ = $(cut -d' ' -f5 /proc/$$/stat) && echo leader")}) == "leader\n");
}

BOOST_AUTO_TEST_CASE(output_up_to_the_limit) {
    BOOST_TEST(output_of({"head", "-c", "1048576", "/dev/zero"}).size() == 1'048'576u);
    auto const larger = run({script(held.hold() + "head -c 1048577 /dev/zero\n" + stays)});
    BOOST_TEST((larger.how == end::output_too_large));
    BOOST_TEST(larger.output.empty());
    BOOST_TEST(held.is_abandoned());
}

BOOST_AUTO_TEST_CASE(more_errors_than_are_kept) {
    auto const out = run({script("head -c 3000000 /dev/zero >&2\necho out")});
    BOOST_TEST((out.how == end::finished));
    BOOST_TEST(out.output.reveal() == "out\n");
    BOOST_TEST(out.error_output.size() == 65'536u);
}

BOOST_AUTO_TEST_CASE(a_helper_that_it_leaves_is_neither_waited_for_nor_killed) {
    auto const helper = std::stoi(output_of({script("tail -f /dev/null >/dev/null &\necho $!")}));
    BOOST_TEST(::kill(helper, 0) == 0);
    ::kill(helper, SIGKILL);
}

BOOST_AUTO_TEST_CASE(a_deadline_kills_the_whole_family) {
    auto const path = stubborn_family();
    std::string reported;
    for (std::chrono::milliseconds timeout(100); reported.empty(); timeout *= 2) {
        auto const out = run({path}, timeout);
        BOOST_TEST_REQUIRE((out.how == end::timed_out));
        reported = held.reported();
    }
    BOOST_TEST(held.is_abandoned());
}

BOOST_AUTO_TEST_CASE(a_deadline_that_has_passed) {
    BOOST_TEST((run({script(stays)}, std::chrono::milliseconds(-5)).how == end::timed_out));
}

BOOST_AUTO_TEST_CASE(closed_streams_do_not_keep_the_loop_busy) {
    asio::io_context context;
    std::optional<subprocess_result> out;
    subprocess_call call({script("exec >/dev/null 2>&1\n" + std::string(stays))}, clock::now());
    call.deadline += std::chrono::milliseconds(300);
    asio::co_spawn(context, run_program(std::move(call)), [&](std::exception_ptr, subprocess_result made) {
        out = std::move(made);
    });
    auto const handlers = context.run();
    BOOST_TEST_REQUIRE(out.has_value());
    BOOST_TEST((out->how == end::timed_out));
    BOOST_TEST(handlers < 20u);
}

BOOST_AUTO_TEST_CASE(where_children_are_collected_by_others) {
    auto* const before = std::signal(SIGCHLD, SIG_IGN);
    asio::io_context context;
    subprocess_call call({script("echo out\nexit 7")}, clock::now() + std::chrono::minutes(1));
    auto const out = test::run(context, run_program(std::move(call)));
    std::signal(SIGCHLD, before);
    BOOST_TEST((out.how == end::finished));
    BOOST_TEST(out.status.lost);
    BOOST_TEST(out.output.reveal() == "out\n");
}

// Runs the family until its grandchild reports, then calls `act`.
template <class Act>
void when_reported(asio::io_context& context, test::lifeline const& held, Act act) {
    auto const report = std::make_shared<asio::posix::stream_descriptor>(context, ::dup(held.descriptor()));
    report->async_wait(
        asio::posix::stream_descriptor::wait_read, [report, act](boost::system::error_code) { act(); });
}

asio::awaitable<subprocess_result> run_cancellable(subprocess_call call) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    // A cancellation before the context runs arrives meanwhile.
    auto const executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    co_return co_await run_program(std::move(call));
}

BOOST_AUTO_TEST_CASE(cancellation_of_all_types_kills_the_whole_family) {
    using type = asio::cancellation_type;
    auto const path = stubborn_family();
    for (auto const each : {type::terminal, type::partial, type::total}) {
        asio::io_context context;
        asio::cancellation_signal cancel;
        std::optional<end> how;
        subprocess_call call({path}, clock::now() + std::chrono::minutes(1));
        asio::co_spawn(
            context, run_cancellable(std::move(call)),
            asio::bind_cancellation_slot(
                cancel.slot(), [&](std::exception_ptr, subprocess_result made) { how = made.how; }));
        when_reported(context, held, [&] { cancel.emit(each); });
        context.run_for(std::chrono::minutes(1));
        BOOST_TEST((how == end::cancelled));
        BOOST_TEST(no_child_left());
        BOOST_TEST(held.is_abandoned());
    }
}

BOOST_AUTO_TEST_CASE(a_call_that_is_cancelled_before_starts_nothing) {
    asio::io_context context;
    asio::cancellation_signal cancel;
    std::optional<end> how;
    subprocess_call call({script(held.hold() + test::lifeline::report())}, clock::now());
    call.deadline += std::chrono::minutes(1);
    asio::co_spawn(
        context, run_cancellable(std::move(call)),
        asio::bind_cancellation_slot(
            cancel.slot(), [&](std::exception_ptr, subprocess_result made) { how = made.how; }));
    cancel.emit(asio::cancellation_type::terminal);
    context.run();
    BOOST_TEST((how == end::cancelled));
    BOOST_TEST(held.reported() == "");
}

BOOST_AUTO_TEST_CASE(a_context_that_ends_kills_the_whole_family) {
    {
        asio::io_context context;
        subprocess_call call({stubborn_family()}, clock::now() + std::chrono::minutes(1));
        asio::co_spawn(context, run_program(std::move(call)), [](std::exception_ptr, subprocess_result) {});
        when_reported(context, held, [&] { context.stop(); });
        context.run_for(std::chrono::minutes(1));
    }
    BOOST_TEST(no_child_left());
    BOOST_TEST(held.is_abandoned());
}

BOOST_AUTO_TEST_SUITE_END()

}
}
