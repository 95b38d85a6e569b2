#pragma once

#include <cstdint>
#include <functional>

/// This program has its own allocation functions, system calls and clock in the C library's place: they
/// count, and make its course the same at each run.
namespace guard {

struct call_counts {
    std::uint64_t allocations = 0;
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
};

/// Counts only while `counting` is set. Thread safety: none; the program has one thread.
extern bool counting;
extern call_counts counts;

/// Called with the epoll descriptor when the client would wait for the network.
extern std::function<void(int)> before_wait;

/// Nothing counts while it lives.
class uncounted {
public:
    uncounted() noexcept : before_(counting) { counting = false; }
    uncounted(uncounted const&) = delete;
    uncounted& operator=(uncounted const&) = delete;
    ~uncounted() { counting = before_; }

private:
    bool before_;
};

}
