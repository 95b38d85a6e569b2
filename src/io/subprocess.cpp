#include "io/subprocess.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t output_limit = 1024 * 1024;
constexpr std::size_t error_output_limit = 64 * 1024;
// Of what is thrown away, in one go.
constexpr std::size_t most_dropped = 64 * 1024;

error_code last_error() {
    return {errno, boost::system::system_category()};
}

/// The end of a pipe that a child writes to, and what came.
class captured_stream {
public:
    explicit captured_stream(std::size_t limit) : limit_(limit) {}
    captured_stream(captured_stream const&) = delete;
    captured_stream& operator=(captured_stream const&) = delete;
    ~captured_stream() { wipe(text_); }

    /// Answers the child's end; none, with errno, when it failed. Both are above 2, where a child has its
    /// streams.
    std::optional<file_descriptor> open() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return std::nullopt;
        file_descriptor const low_read(ends[0]);
        file_descriptor const low_write(ends[1]);
        read_end_ = file_descriptor(::fcntl(ends[0], F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
        file_descriptor write_end(::fcntl(ends[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
        if (read_end_.get() == -1 || write_end.get() == -1 ||
            ::fcntl(read_end_.get(), F_SETFL, O_NONBLOCK) != 0)
            return std::nullopt;
        // Room for all, so that no copy is left behind by growing.
        text_.reserve(limit_);
        return write_end;
    }

    /// Takes what is there, and drops what is above the limit. Answers whether more can come.
    bool read() {
        std::array<char, 8192> bytes;
        bool more = true;
        for (std::size_t dropped = 0; dropped < most_dropped;) {
            auto const got = ::read(read_end_.get(), bytes.data(), bytes.size());
            if (got < 0 && errno == EINTR)
                continue;
            more = got > 0 || (got < 0 && errno == EAGAIN);
            if (got <= 0)
                break;
            auto const size = static_cast<std::size_t>(got);
            auto const kept = std::min(size, limit_ - text_.size());
            text_.append(bytes.data(), kept);
            dropped += size - kept;
            overflowed_ = overflowed_ || kept < size;
        }
        ::explicit_bzero(bytes.data(), bytes.size());
        return more;
    }

    int descriptor() const noexcept { return read_end_.get(); }
    bool overflowed() const noexcept { return overflowed_; }
    std::string& text() noexcept { return text_; }

private:
    std::size_t limit_;
    file_descriptor read_end_;
    std::string text_;
    bool overflowed_ = false;
};

/// A running program with all that there is to wait for. It is put behind one descriptor, so that a single
/// wait is open at a time: nothing then runs beside the coroutine, whatever its executor is.
class watched_program {
public:
    watched_program(asio::any_io_executor const& executor, clock::time_point deadline) :
        deadline_(deadline),
        ready_(executor) {}

    error_code start(subprocess_call const& call) {
        auto const output_end = output_.open();
        auto const error_output_end = output_end ? error_output_.open() : std::nullopt;
        if (!error_output_end)
            return last_error();
        auto [child, failed] =
            child_process::start(call.arguments, call.without, *output_end, *error_output_end);
        if (failed)
            return failed;
        child_.emplace(std::move(*child));
        return watch();
    }

    /// Takes what has happened; answers once it is over.
    std::optional<subprocess_result::end> step(clock::time_point now) {
        // First, as what it wrote before its end is then there.
        bool const ended = child_->has_ended();
        for (auto* const stream : {&output_, &error_output_}) {
            if (!stream->read())
                stop_watching(stream->descriptor());
        }
        if (output_.overflowed())
            return subprocess_result::end::output_too_large;
        if (ended)
            return subprocess_result::end::finished;
        if (now >= deadline_)
            return subprocess_result::end::timed_out;
        return std::nullopt;
    }

    asio::posix::stream_descriptor& ready() noexcept { return ready_; }

    subprocess_result result(subprocess_result::end how) {
        subprocess_result out;
        out.how = how;
        out.error_output = std::move(error_output_.text());
        if (how == subprocess_result::end::finished) {
            out.status = child_->collect();
            out.output = secret(std::move(output_.text()));
        }
        return out;
    }

private:
    error_code watch() {
        file_descriptor all(::epoll_create1(EPOLL_CLOEXEC));
        timer_ = file_descriptor(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
        auto const since_boot = std::max<clock::duration>(deadline_.time_since_epoch(), clock::duration(1));
        auto const seconds = std::chrono::floor<std::chrono::seconds>(since_boot);
        ::itimerspec at{};
        at.it_value.tv_sec = seconds.count();
        at.it_value.tv_nsec = std::chrono::nanoseconds(since_boot - seconds).count();
        if (all.get() == -1 || timer_.get() == -1 ||
            ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &at, nullptr) != 0)
            return last_error();
        for (int const each :
             {output_.descriptor(), error_output_.descriptor(), child_->handle(), timer_.get()}) {
            ::epoll_event wanted{};
            wanted.events = EPOLLIN;
            if (each != -1 && ::epoll_ctl(all.get(), EPOLL_CTL_ADD, each, &wanted) != 0)
                return last_error();
        }
        error_code failed;
        ready_.assign(all.get(), failed);
        if (!failed)
            all.release();
        return failed;
    }

    // One that has ended is ready for ever. To close it would not be enough where a fork has a copy.
    void stop_watching(int descriptor) {
        ::epoll_ctl(ready_.native_handle(), EPOLL_CTL_DEL, descriptor, nullptr);
    }

    clock::time_point deadline_;
    captured_stream output_{output_limit};
    captured_stream error_output_{error_output_limit};
    std::optional<child_process> child_;
    file_descriptor timer_;
    asio::posix::stream_descriptor ready_;
};

subprocess_result not_started(error_code why) {
    subprocess_result out;
    out.cause = why;
    return out;
}

}

asio::awaitable<subprocess_result> run_program(subprocess_call call) {
    auto const executor = co_await asio::this_coro::executor;
    watched_program program(executor, call.deadline);
    auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        co_return program.result(subprocess_result::end::cancelled);
    auto failed = program.start(call);
    while (!failed) {
        if (auto const end = program.step(clock::now()))
            co_return program.result(*end);
        co_await program.ready().async_wait(
            asio::posix::stream_descriptor::wait_read, asio::redirect_error(asio::use_awaitable, failed));
        state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            co_return program.result(subprocess_result::end::cancelled);
    }
    co_return not_started(failed);
}

}
