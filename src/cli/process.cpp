#include "cli/process.hpp"

#include <csignal>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace allot {

void harden_process() noexcept {
    rlimit const none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

}
