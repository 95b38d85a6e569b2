#pragma once

#include <csignal>

namespace allot {

/// While one exists, the thread that made it takes no signals, and threads that it starts never do: signals
/// are for the thread that runs a command.
class blocked_signals {
public:
    blocked_signals() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~blocked_signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    blocked_signals(blocked_signals const&) = delete;
    blocked_signals& operator=(blocked_signals const&) = delete;

private:
    sigset_t before_{};
};

}
