#pragma once

#include "support/test_ca.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace allot::test {

/// Writes an executable script; answers its path.
inline std::string
write_script(temporary_folder const& folder, std::string const& name, std::string const& body) {
    auto const path = folder.path() / name;
    std::ofstream(path) << "#!/bin/sh\n" << body << '\n';
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path.string();
}

/// Whether this process has no child, not even one that has ended and was not collected.
inline bool no_child_left() {
    return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
}

/// A FIFO that scripts hold open, and their children with them. A script begins with `hold()`.
class lifeline {
public:
    explicit lifeline(temporary_folder const& folder) : path_((folder.path() / "lifeline").string()) {
        must(::mkfifo(path_.c_str(), 0600) == 0, path_);
        descriptor_ = ::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    }
    lifeline(lifeline const&) = delete;
    lifeline& operator=(lifeline const&) = delete;
    ~lifeline() { ::close(descriptor_); }

    std::string hold() const { return "exec 9>'" + path_ + "'\n"; }

    /// For a script: says that it is where the test wants it.
    static std::string report() { return "echo here >&9\n"; }

    /// Becomes readable with the report.
    int descriptor() const noexcept { return descriptor_; }

    /// Takes what was reported up to now.
    std::string reported() const {
        char bytes[256];
        auto const got = ::read(descriptor_, bytes, sizeof bytes);
        return got > 0 ? std::string(bytes, static_cast<std::size_t>(got)) : std::string();
    }

    /// Whether nobody holds it any more; the kernel has some time for those that were killed. Preconditions:
    /// somebody has held it.
    bool is_abandoned() const {
        reported();
        ::pollfd end{descriptor_, POLLIN, 0};
        return ::poll(&end, 1, 20'000) == 1 && (end.revents & POLLHUP) != 0;
    }

private:
    std::string path_;
    int descriptor_;
};

/// Sets an environment variable for a while.
class variable {
public:
    variable(char const* name, std::string const& value) : name_(name) {
        if (auto const* const old = ::getenv(name))
            old_ = old;
        else
            unset_ = true;
        ::setenv(name, value.c_str(), 1);
    }
    variable(variable const&) = delete;
    variable& operator=(variable const&) = delete;
    ~variable() {
        if (unset_)
            ::unsetenv(name_);
        else
            ::setenv(name_, old_.c_str(), 1);
    }

private:
    char const* name_;
    std::string old_;
    bool unset_ = false;
};

}
