#include "io/connection.hpp"

#include "io/connect_race.hpp"
#include "io/lookup_service.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <span>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using asio::ip::tcp;
using clock = std::chrono::steady_clock;

namespace {

std::optional<failure> none() {
    return std::nullopt;
}

/// A cancellation that comes while an operation is completing reaches no operation any more, so each wait
/// asks for it first.
bool is_cancelled(asio::cancellation_state const& state) {
    return state.cancelled() != asio::cancellation_type::none;
}

}

connection::connection(asio::any_io_executor const& executor, deadline_queue& deadlines) :
    deadlines_(deadlines),
    socket_(executor) {}

void connection::close() noexcept {
    disarm();
    if (engine_ && socket_.is_open()) {
        // Best effort: the peer learns that the end is meant. Nobody waits for its answer.
        engine_->shutdown();
        flush_now();
    }
    boost::system::error_code ignored;
    socket_.close(ignored);
    engine_.reset();
}

void connection::expire() noexcept {
    timed_out_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
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
        made.message += "no end within the deadline";
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

bool connection::flush_now() noexcept {
    socket_error_.clear();
    while (!engine_->output().empty()) {
        auto const output = engine_->output();
        auto const sent = socket_.write_some(asio::buffer(output.data(), output.size()), socket_error_);
        if (socket_error_)
            return false;
        engine_->consume_output(sent);
    }
    return true;
}

asio::awaitable<bool> connection::flush() {
    while (!flush_now()) {
        if (socket_error_ != asio::error::would_block)
            co_return false;
        auto const state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state)) {
            socket_error_ = asio::error::operation_aborted;
            co_return false;
        }
        co_await socket_.async_wait(
            tcp::socket::wait_write, asio::redirect_error(asio::use_awaitable, socket_error_));
        if (socket_error_)
            co_return false;
    }
    co_return true;
}

asio::awaitable<connection::io_outcome> connection::fill() {
    if (!engine_->output().empty() && !flush_now() && !co_await flush())
        co_return io_outcome::broken;
    auto const state = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(state)) {
        socket_error_ = asio::error::operation_aborted;
        co_return io_outcome::broken;
    }
    auto const room = engine_->input_room();
    auto const size = co_await socket_.async_read_some(
        asio::buffer(room.data(), room.size()), asio::redirect_error(asio::use_awaitable, socket_error_));
    if (socket_error_ == asio::error::eof) {
        engine_->end_input();
        co_return io_outcome::end;
    }
    if (socket_error_)
        co_return io_outcome::broken;
    engine_->commit_input(size);
    co_return io_outcome::ok;
}

asio::awaitable<std::optional<failure>>
connection::connect_any(endpoint& to, lookup_answer const& found, time_point until) {
    auto& memory = to.addresses();
    connect_race_state race(memory.order(clock::now(), *found.addresses), until);
    auto const ended = co_await run_connect_race(socket_, race, to.connect_port());
    race.teach(memory, clock::now());
    if (ended.step != race_step::won)
        co_return race_failure(race, ended.step, peer_, to.connect_port());
    address_ = race.addresses()[ended.attempt];
    co_return none();
}

asio::awaitable<std::optional<failure>> connection::handshake(endpoint& to) {
    socket_.set_option(tcp::no_delay(true), socket_error_);
    socket_.non_blocking(true, socket_error_);
    engine_.emplace(to.tls(), to.where().host, to.take_session(std::chrono::system_clock::now()));
    for (;;) {
        auto const status = engine_->handshake();
        if (status == tls_status::need_input) {
            if (co_await fill() == io_outcome::broken)
                co_return io_failure(errc::connection_lost, "TLS handshake with");
            continue;
        }
        // The peer is told what was wrong, or that the handshake is complete.
        bool const told = co_await flush();
        if (status != tls_status::ok)
            co_return tls_failure();
        if (!told)
            co_return io_failure(errc::connection_lost, "TLS handshake with");
        co_return none();
    }
}

asio::awaitable<std::optional<failure>> connection::open(endpoint& to, time_point until) {
    close();
    endpoint_ = &to;
    peer_ = to.where().host_field;
    timed_out_ = false;
    auto const state = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(state)) {
        socket_error_ = asio::error::operation_aborted;
        co_return io_failure(errc::cancelled, "connecting to");
    }
    auto const found = co_await to.names().look_up(socket_.get_executor(), to.connect_host(), until);
    if (!found)
        co_return found.error();
    auto failed = co_await connect_any(to, *found, until);
    if (!failed) {
        deadlines_.arm(*this, until);
        failed = co_await handshake(to);
        disarm();
        if (failed && failed->code != errc::cancelled)
            to.addresses().note(clock::now(), address_, address_verdict::failed);
    }
    if (failed) {
        if (failed->code != errc::cancelled)
            to.names().distrust(to.connect_host(), *found);
        close();
    }
    co_return failed;
}

asio::awaitable<std::optional<failure>> connection::receive() {
    for (;;) {
        std::size_t size = 0;
        read_status status{};
        switch (engine_->read(reader_.prepare(), size)) {
        case tls_status::ok:
            status = reader_.commit(size);
            break;
        case tls_status::need_input:
            if (co_await fill() == io_outcome::broken)
                co_return io_failure(errc::connection_lost, "answer of");
            continue;
        case tls_status::closed:
            status = reader_.end_of_stream(true);
            break;
        case tls_status::truncated:
            status = reader_.end_of_stream(false);
            break;
        case tls_status::failed:
            co_return tls_failure();
        }
        if (status == read_status::more)
            continue;
        if (status == read_status::done)
            co_return none();
        failure made;
        made.code = reader_.error();
        made.message = "answer of " + peer_ + ": " + std::string(reader_.reason());
        co_return made;
    }
}

asio::awaitable<std::optional<failure>> connection::exchange(
    std::string_view request, std::size_t body_limit, content_coding accepted, time_point until) {
    reader_.reset(body_limit, accepted);
    timed_out_ = false;
    std::size_t early = 0;
    if (engine_->read(reader_.prepare(), early) != tls_status::need_input) {
        socket_error_.clear();
        close();
        co_return io_failure(errc::connection_lost, "unasked bytes or the end from");
    }
    deadlines_.arm(*this, until);
    std::optional<failure> failed;
    if (engine_->write(std::span(request.data(), request.size())) != tls_status::ok)
        failed = tls_failure();
    else if (!flush_now() && !co_await flush())
        failed = io_failure(errc::connection_lost, "request to");
    else
        failed = co_await receive();
    disarm();
    endpoint_->keep_session(engine_->take_session());
    if (failed || !reader_.reusable())
        close();
    co_return failed;
}

}
