#include "io/child_process.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Not Boost.Process v2: that of Boost 1.81 forks with `notify_fork` on the caller's context, which no other
// thread may be running meanwhile, reads /dev/fd in the child of a process with threads to close descriptors,
// kills a process but not its group, and needs Boost.Filesystem.

namespace allot {
namespace {

// P_PIDFD: in the kernel since Linux 5.4, in the headers only since glibc 2.36.
constexpr auto by_handle = static_cast<::idtype_t>(3);

error_code from_errno(int number) {
    return {number, boost::system::system_category()};
}

/// What posix_spawn is told beside the program.
class spawn_setup {
public:
    spawn_setup() {
        note(::posix_spawn_file_actions_init(&actions_));
        note(::posix_spawnattr_init(&attributes_));
    }
    spawn_setup(spawn_setup const&) = delete;
    spawn_setup& operator=(spawn_setup const&) = delete;
    ~spawn_setup() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }

    void streams(int output, int error_output) {
        note(::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0));
        note(::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO));
        note(::posix_spawn_file_actions_adddup2(&actions_, error_output, STDERR_FILENO));
        note(::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1));
        note(::posix_spawn_file_actions_addchdir_np(&actions_, "/"));
    }

    void group_and_signals() {
        ::sigset_t all;
        ::sigset_t none;
        ::sigfillset(&all);
        ::sigemptyset(&none);
        note(::posix_spawnattr_setpgroup(&attributes_, 0));
        note(::posix_spawnattr_setsigdefault(&attributes_, &all));
        note(::posix_spawnattr_setsigmask(&attributes_, &none));
        note(::posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
    }

    int spawn(::pid_t& pid, char* const* arguments, char* const* variables) {
        if (error_ != 0)
            return error_;
        return ::posix_spawnp(&pid, arguments[0], &actions_, &attributes_, arguments, variables);
    }

private:
    void note(int error) { error_ = error_ != 0 ? error_ : error; }

    ::posix_spawn_file_actions_t actions_;
    ::posix_spawnattr_t attributes_;
    int error_ = 0;
};

/// The environment but for `without`; the texts stay those of the process.
std::vector<char*> environment_without(std::vector<std::string> const& without) {
    std::vector<char*> out;
    for (auto** each = environ; each != nullptr && *each != nullptr; ++each) {
        std::string_view const text(*each);
        if (std::ranges::find(without, text.substr(0, text.find('='))) == without.end())
            out.push_back(*each);
    }
    out.push_back(nullptr);
    return out;
}

/// The folder changes before the program is looked up.
void make_absolute(std::string& program) {
    std::error_code failed;
    if (program.find('/') == std::string::npos || program.starts_with('/'))
        return;
    auto const path = std::filesystem::absolute(program, failed);
    if (!failed)
        program = path.string();
}

}

std::pair<std::optional<child_process>, error_code> child_process::start(
    std::vector<std::string> arguments, std::vector<std::string> const& without,
    file_descriptor const& output, file_descriptor const& error_output) {
    make_absolute(arguments.front());
    std::vector<char*> argv;
    for (auto& each : arguments)
        argv.push_back(each.data());
    argv.push_back(nullptr);
    auto const variables = environment_without(without);
    spawn_setup setup;
    setup.streams(output.get(), error_output.get());
    setup.group_and_signals();
    ::pid_t pid = 0;
    if (int const failed = setup.spawn(pid, argv.data(), variables.data()))
        return {std::nullopt, from_errno(failed)};
    auto const handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    // ESRCH: it has ended and, as SIGCHLD is ignored, left nothing behind.
    if (int const failed = errno; handle == -1 && failed != ESRCH) {
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return {std::nullopt, from_errno(failed)};
    }
    return {child_process(pid, handle), error_code()};
}

child_process::~child_process() {
    if (pid_ == 0)
        return;
    kill_group();
    if (handle() == -1)
        return;
    ::pollfd end{handle(), POLLIN, 0};
    ::poll(&end, 1, 1000);
    ::siginfo_t ignored{};
    ::waitid(by_handle, static_cast<::id_t>(handle()), &ignored, WEXITED | WNOHANG);
}

bool child_process::has_ended() const noexcept {
    if (handle() == -1)
        return true;
    ::siginfo_t info{};
    if (::waitid(by_handle, static_cast<::id_t>(handle()), &info, WEXITED | WNOHANG | WNOWAIT) != 0)
        return errno == ECHILD;
    return info.si_pid != 0;
}

child_status child_process::collect() noexcept {
    child_status out;
    ::siginfo_t info{};
    out.lost = handle() == -1 ||
               ::waitid(by_handle, static_cast<::id_t>(handle()), &info, WEXITED | WNOHANG) != 0 ||
               info.si_pid == 0;
    pid_ = 0;
    if (!out.lost)
        (info.si_code == CLD_EXITED ? out.exit_code : out.signal) = info.si_status;
    return out;
}

void child_process::kill_group() const noexcept {
    // As long as its leader is not collected, the number is that of no other group.
    ::siginfo_t info{};
    bool const ours =
        handle() != -1 &&
        ::waitid(by_handle, static_cast<::id_t>(handle()), &info, WEXITED | WNOHANG | WNOWAIT) == 0;
    if (ours)
        ::kill(-pid_, SIGKILL);
}

}
