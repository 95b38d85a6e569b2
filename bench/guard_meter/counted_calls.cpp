#include "guard_meter/counted_calls.hpp"

#include <cstddef>
#include <ctime>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

// glibc's own, under the names that it keeps for programs with allocation functions of their own.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t number, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace guard {

bool counting = false;
call_counts counts;
std::function<void(int)> before_wait;

namespace {

void count_call(std::uint64_t& number) noexcept {
    if (counting)
        ++number;
}

constexpr long nanoseconds_per_second = 1'000'000'000;
/// What a look at the clock takes. Under valgrind an exchange takes a hundred times what it takes elsewhere;
/// by the clock of this program it takes about what it should.
constexpr long tick = 2'000;

long passed = 0;
std::timespec started{};

}

}

using guard::count_call;
using guard::counts;

extern "C" {

void* malloc(std::size_t size) noexcept {
    count_call(counts.allocations);
    return __libc_malloc(size);
}

void* calloc(std::size_t number, std::size_t size) noexcept {
    count_call(counts.allocations);
    return __libc_calloc(number, size);
}

void* realloc(void* old, std::size_t size) noexcept {
    count_call(counts.allocations);
    return __libc_realloc(old, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    count_call(counts.allocations);
    return __libc_memalign(alignment, size);
}

ssize_t read(int fd, void* room, std::size_t size) {
    count_call(counts.reads);
    return ::syscall(SYS_read, fd, room, size);
}

ssize_t readv(int fd, iovec const* rooms, int number) {
    count_call(counts.reads);
    return ::syscall(SYS_readv, fd, rooms, number);
}

ssize_t recv(int fd, void* room, std::size_t size, int flags) {
    count_call(counts.reads);
    return ::syscall(SYS_recvfrom, fd, room, size, flags, nullptr, nullptr);
}

ssize_t recvmsg(int fd, msghdr* message, int flags) {
    count_call(counts.reads);
    return ::syscall(SYS_recvmsg, fd, message, flags);
}

ssize_t write(int fd, void const* bytes, std::size_t size) {
    count_call(counts.writes);
    return ::syscall(SYS_write, fd, bytes, size);
}

ssize_t writev(int fd, iovec const* parts, int number) {
    count_call(counts.writes);
    return ::syscall(SYS_writev, fd, parts, number);
}

ssize_t send(int fd, void const* bytes, std::size_t size, int flags) {
    count_call(counts.writes);
    return ::syscall(SYS_sendto, fd, bytes, size, flags, nullptr, 0);
}

ssize_t sendmsg(int fd, msghdr const* message, int flags) {
    count_call(counts.writes);
    return ::syscall(SYS_sendmsg, fd, message, flags);
}

int epoll_wait(int fd, epoll_event* events, int room, int timeout) {
    if (timeout != 0 && guard::before_wait) {
        guard::uncounted const pause;
        guard::before_wait(fd);
    }
    return static_cast<int>(::syscall(SYS_epoll_wait, fd, events, room, timeout));
}

int clock_gettime(clockid_t clock, std::timespec* now) noexcept {
    if (clock != CLOCK_MONOTONIC)
        return static_cast<int>(::syscall(SYS_clock_gettime, clock, now));
    if (guard::passed == 0)
        ::syscall(SYS_clock_gettime, clock, &guard::started);
    guard::passed += guard::tick;
    auto const nanoseconds = guard::started.tv_nsec + guard::passed;
    now->tv_sec = guard::started.tv_sec + nanoseconds / guard::nanoseconds_per_second;
    now->tv_nsec = nanoseconds % guard::nanoseconds_per_second;
    return 0;
}
}
