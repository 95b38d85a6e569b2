#include "io/connection.hpp"

#include "io/cancellation.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <span>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using direction = readiness_set::direction;

connection::connection(
    std::shared_ptr<readiness_set> sockets, deadline_queue& deadlines, exchange_memory& memory,
    observer* watcher) :
    deadlines_(deadlines),
    memory_(memory),
    socket_(std::move(sockets)),
    reader_(nullptr, {&memory.answers}),
    watcher_(watcher) {}

void connection::close(close_cause why, error_code const& error) noexcept {
    disarm();
    if (engine_ && socket_.is_open()) {
        // Best effort: the peer learns that the end is meant. Nobody waits for its answer.
        engine_->shutdown();
        flush_now();
    }
    socket_.close();
    engine_.reset();
    proxy_tls_.reset();
    if (number_ != 0)
        tell_closed(why, error);
}

void connection::tell_opened(std::uint64_t number, std::chrono::nanoseconds took) noexcept {
    number_ = number;
    requests_ = 0;
    watcher_->on_connection_opened(
        {number, address_.text, endpoint_->connect_port(), endpoint_->proxy() != nullptr, resumed(),
         engine_->version(), took});
}

void connection::tell_closed(close_cause why, error_code const& error) noexcept {
    auto const number = std::exchange(number_, 0);
    watcher_->on_connection_closed({number, address_.text, endpoint_->connect_port(), why, error, requests_});
}

void connection::expire() noexcept {
    if (pace_ && pace_->check(clock::now()) == answer_pace::verdict::good)
        return deadlines_.arm(*this, pace_->next_check());
    timed_out_ = true;
    socket_.close();
}

failure connection::io_failure(errc otherwise, std::string_view what) const {
    failure made;
    made.cause = socket_error_;
    if (timed_out_)
        made.code = errc::timed_out;
    else if (socket_error_ == asio::error::operation_aborted)
        made.code = errc::cancelled;
    else
        made.code = otherwise;
    made.message = std::string(what) + " " + peer_ + ": ";
    if (timed_out_)
        made.message += pace_ ? pace_->reason() : "no end within the deadline";
    else
        made.message += socket_error_ ? socket_error_.message() : made.code.message();
    return made;
}

failure connection::tls_failure() const {
    failure made;
    made.code = engine_->code();
    made.cause = engine_->cause();
    made.message = "TLS with " + peer_ + ": " + engine_->error_text();
    return made;
}

bool connection::wrap() noexcept {
    auto const plain = engine_->output();
    if (plain.empty())
        return true;
    if (proxy_tls_->write(plain) != tls_status::ok) {
        socket_error_ = proxy_tls_->cause() ? proxy_tls_->cause() : asio::error::connection_aborted;
        return false;
    }
    engine_->consume_output(plain.size());
    return true;
}

bool connection::flush_now() noexcept {
    socket_error_.clear();
    if (proxy_tls_ && !wrap())
        return false;
    auto& outermost = proxy_tls_ ? *proxy_tls_ : *engine_;
    while (!outermost.output().empty()) {
        outermost.consume_output(socket_.send(outermost.output(), socket_error_));
        if (socket_error_)
            return false;
    }
    return true;
}

bool connection::has_output() const noexcept {
    return !engine_->output().empty() || (proxy_tls_ && !proxy_tls_->output().empty());
}

asio::awaitable<bool> connection::wait(readiness_set::direction what) {
    auto const state = co_await asio::this_coro::cancellation_state;
    bool good = false;
    if (!is_cancelled(state))
        good = co_await socket_.wait(what);
    if (!good)
        socket_error_ = asio::error::operation_aborted;
    co_return good;
}

asio::awaitable<bool> connection::flush() {
    while (!flush_now()) {
        if (socket_error_ != asio::error::would_block)
            co_return false;
        bool const ready = co_await wait(direction::write);
        if (!ready)
            co_return false;
    }
    co_return true;
}

std::optional<connection::io_outcome> connection::unwrap() {
    std::size_t size = 0;
    auto const status = proxy_tls_->read(engine_->input_room(), size);
    engine_->commit_input(size);
    switch (status) {
    case tls_status::ok:
        return io_outcome::ok;
    case tls_status::need_input:
        return std::nullopt;
    case tls_status::closed:
    case tls_status::truncated:
        engine_->end_input();
        return io_outcome::end;
    case tls_status::failed:
        break;
    }
    socket_error_ = proxy_tls_->cause() ? proxy_tls_->cause() : asio::error::connection_aborted;
    return io_outcome::broken;
}

connection::io_outcome connection::fill_now() {
    for (;;) {
        if (proxy_tls_)
            if (auto const came = unwrap())
                return *came;
        auto const blocked_or_broken = [this] {
            return socket_error_ == asio::error::would_block ? io_outcome::blocked : io_outcome::broken;
        };
        if (has_output() && !flush_now())
            return blocked_or_broken();
        auto& outermost = proxy_tls_ ? *proxy_tls_ : *engine_;
        auto const size = socket_.receive(outermost.input_room(), socket_error_);
        outermost.commit_input(size);
        if (socket_error_ == asio::error::eof)
            outermost.end_input();
        else if (socket_error_)
            return blocked_or_broken();
        arrived_ += size;
        // A record of 16 KiB takes its time on a slow line, and gives nothing before its last byte. Before an
        // answer has begun, what comes may as well be a session ticket.
        if (pace_ && reader_ && reader_->started())
            note_progress();
        if (!proxy_tls_)
            return socket_error_ ? io_outcome::end : io_outcome::ok;
    }
}

asio::awaitable<connection::io_outcome> connection::fill() {
    for (;;) {
        auto const outcome = fill_now();
        if (outcome != io_outcome::blocked)
            co_return outcome;
        if (!co_await wait(blocked_on()))
            co_return io_outcome::broken;
    }
}

void connection::note_progress() {
    pace_->on_bytes(clock::now(), std::exchange(arrived_, 0), reader().status() != 0);
    if (pace_->next_check() < at())
        deadlines_.arm(*this, pace_->next_check());
}

failure connection::read_failure() const {
    failure made;
    made.code = reader_->error();
    made.message = "answer of " + peer_ + ": " + std::string(reader_->reason());
    return made;
}

failure connection::lost() const {
    return io_failure(errc::connection_lost, has_output() ? "request to" : "answer of");
}

connection::progress connection::receive_now() {
    auto found = tls_status::need_input;
    for (;;) {
        std::size_t size = 0;
        read_status status{};
        if (found != tls_status::need_input)
            found = engine_->read(reader().prepare(), size);
        switch (found) {
        case tls_status::ok:
            status = reader_->commit(size);
            break;
        case tls_status::need_input:
            switch (fill_now()) {
            case io_outcome::blocked:
                // What came was a session, if anything.
                if (reader_ && !reader_->started())
                    reader_.reset();
                return progress::blocked;
            case io_outcome::broken:
                failed_ = lost();
                return progress::ended;
            case io_outcome::ok:
            case io_outcome::end:
                break;
            }
            found = tls_status::ok;
            continue;
        case tls_status::closed:
            status = reader().end_of_stream(true);
            break;
        case tls_status::truncated:
            status = reader().end_of_stream(false);
            break;
        case tls_status::failed:
            failed_ = tls_failure();
            return progress::ended;
        }
        if (status == read_status::more) {
            note_progress();
            continue;
        }
        if (status == read_status::failed)
            failed_ = read_failure();
        return progress::ended;
    }
}

connection::progress connection::begin_exchange(
    std::string_view request, std::size_t body_limit, content_coding accepted, time_point until) {
    reader_.reset();
    body_limit_ = body_limit;
    accepted_ = accepted;
    timed_out_ = false;
    failed_.reset();
    std::size_t early = 0;
    if (engine_->has_input() && engine_->read(reader().prepare(), early) != tls_status::need_input) {
        socket_error_.clear();
        failed_ = io_failure(errc::connection_lost, "unasked bytes or the end from");
        return progress::ended;
    }
    arrived_ = 0;
    pace_.emplace(endpoint_->pace(), clock::now(), until);
    deadlines_.arm(*this, pace_->next_check());
    ++requests_;
    if (engine_->write(std::span(request.data(), request.size())) != tls_status::ok) {
        failed_ = tls_failure();
        return progress::ended;
    }
    if (!flush_now() && socket_error_ != asio::error::would_block) {
        failed_ = lost();
        return progress::ended;
    }
    return has_output() ? progress::blocked : receive_now();
}

connection::progress connection::continue_exchange(bool ready) {
    if (ready)
        return receive_now();
    socket_error_ = asio::error::operation_aborted;
    failed_ = lost();
    return progress::ended;
}

response_reader& connection::reader() {
    if (!reader_) {
        reader_ = memory_.answers.lend();
        reader_->reset(body_limit_, accepted_);
    }
    return *reader_;
}

std::optional<failure> connection::end_exchange() {
    disarm();
    reader();
    pace_.reset();
    endpoint_->keep_session(engine_->take_session());
    if (failed_)
        close(close_cause::failed, failed_->code);
    else if (!reader_->reusable())
        close(close_cause::peer);
    return std::exchange(failed_, std::nullopt);
}

asio::awaitable<std::optional<failure>> connection::finish_exchange(progress so_far) {
    while (so_far == progress::blocked) {
        bool const ready = co_await wait(blocked_on());
        so_far = continue_exchange(ready);
    }
    co_return end_exchange();
}

asio::awaitable<std::optional<failure>> connection::exchange(
    std::string_view request, std::size_t body_limit, content_coding accepted, time_point until) {
    return finish_exchange(begin_exchange(request, body_limit, accepted, until));
}

}
