#pragma once

#include "base/file_descriptor.hpp"

#include <allot/error.hpp>

#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace allot {

/// How a process ended.
struct child_status {
    int exit_code = 0; ///< where no signal ended it
    int signal = 0;    ///< the one that ended it
    /// Whether neither is known: this process ignores SIGCHLD, or something in it collects all its children.
    bool lost = false;
};

/// A running program in a process group of its own. Destroyed before it was collected, it is killed with its
/// group.
/// Thread safety: distinct objects: safe; shared: unsafe.
class child_process {
public:
    child_process(child_process&& other) noexcept :
        pid_(std::exchange(other.pid_, 0)),
        handle_(std::move(other.handle_)) {}
    child_process& operator=(child_process&&) = delete;
    /// Waits up to a second for the killed process, so that no zombie stays behind.
    ~child_process();

    /// Starts a program without a shell. `arguments` are its argv; the first names it, looked up in PATH
    /// unless it has a slash. It reads from /dev/null, writes to `output` and `error_output` and has no other
    /// descriptor of this process. It starts with the root as its folder, so that nothing that lies about in
    /// the current one becomes a part of it; relative folders in PATH are meant below the root. Signals are
    /// as a new process expects them. Of the environment all is passed on but the variables in `without`.
    /// Preconditions: `arguments` is not empty, the descriptors are above 2.
    /// Errors: those of posix_spawn, and of pidfd_open (Linux 5.3).
    static std::pair<std::optional<child_process>, error_code> start(
        std::vector<std::string> arguments, std::vector<std::string> const& without,
        file_descriptor const& output, file_descriptor const& error_output);

    /// Becomes readable when the process has ended; -1 when it had ended before one could look.
    int handle() const noexcept { return handle_.get(); }

    bool has_ended() const noexcept;

    /// Takes how it ended, and leaves what is left of its group alone: programs start helpers that outlive
    /// them. Precondition: it has ended.
    child_status collect() noexcept;

private:
    child_process(::pid_t pid, int handle) noexcept : pid_(pid), handle_(handle) {}

    void kill_group() const noexcept;

    ::pid_t pid_; ///< 0 when it was collected
    file_descriptor handle_;
};

}
