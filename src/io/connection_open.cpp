#include "io/cancellation.hpp"
#include "io/connect_race.hpp"
#include "io/connection.hpp"
#include "io/lookup_service.hpp"
#include "io/proxy_route.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

// From nothing to a connection that is ready for requests.
namespace allot {
namespace asio = boost::asio;
using asio::ip::tcp;
using clock = std::chrono::steady_clock;

asio::awaitable<std::optional<failure>>
connection::connect_any(endpoint& to, lookup_answer const& found, time_point until) {
    auto& memory = to.addresses();
    connect_race_state race(memory.order(clock::now(), *found.addresses), until);
    tcp::socket socket(socket_.executor());
    auto const ended = co_await run_connect_race(socket, race, to.connect_port());
    race.teach(memory, clock::now());
    if (ended.step != race_step::won)
        co_return race_failure(race, ended.step, peer_, to.connect_port());
    address_ = race.addresses()[ended.attempt];
    socket_error_ = socket_.assign(std::move(socket));
    if (socket_error_)
        co_return io_failure(errc::connect_failed, "connecting to");
    co_return std::optional<failure>();
}

asio::awaitable<std::optional<failure>> connection::handshake() {
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
        co_return std::optional<failure>();
    }
}

proxy_event connection::proxy_lost() const {
    if (timed_out_)
        return {proxy_news::timed_out, 0, {}};
    if (socket_error_ == asio::error::operation_aborted)
        return {proxy_news::cancelled, 0, {}};
    return {proxy_news::broken, 0, socket_error_ ? socket_error_ : engine_->cause()};
}

asio::awaitable<proxy_event> connection::send_to_proxy(std::string_view bytes) {
    socket_error_.clear();
    if (engine_) {
        bool sent = engine_->write(std::span(bytes.data(), bytes.size())) == tls_status::ok;
        if (sent)
            sent = co_await flush();
        if (!sent)
            co_return proxy_lost();
    } else {
        while (!bytes.empty()) {
            bytes.remove_prefix(socket_.send(std::span(bytes.data(), bytes.size()), socket_error_));
            if (!socket_error_)
                continue;
            bool ready = socket_error_ == asio::error::would_block;
            if (ready)
                ready = co_await wait(readiness_set::direction::write);
            if (!ready)
                co_return proxy_lost();
        }
    }
    co_return proxy_event{proxy_news::sent, 0, {}};
}

asio::awaitable<proxy_event> connection::receive_from_proxy(std::span<char> room) {
    std::size_t size = 0;
    socket_error_.clear();
    if (!engine_) {
        for (;;) {
            size = socket_.receive(room, socket_error_);
            if (socket_error_ != asio::error::would_block)
                break;
            bool const ready = co_await wait(readiness_set::direction::read);
            if (!ready)
                break;
        }
        if (socket_error_ == asio::error::eof)
            co_return proxy_event{proxy_news::ended, 0, {}};
        if (socket_error_)
            co_return proxy_lost();
        co_return proxy_event{proxy_news::received, size, {}};
    }
    for (;;) {
        switch (engine_->read(room, size)) {
        case tls_status::ok:
            co_return proxy_event{proxy_news::received, size, {}};
        case tls_status::need_input:
            if (co_await fill() == io_outcome::broken)
                co_return proxy_lost();
            break;
        case tls_status::closed:
        case tls_status::truncated:
            co_return proxy_event{proxy_news::ended, 0, {}};
        case tls_status::failed:
            co_return proxy_lost();
        }
    }
}

asio::awaitable<std::optional<failure>> connection::ask_proxy(endpoint& to) {
    proxy_connect_state asking(
        to.proxy()->where.host_field, to.tunnel_target(), "allot/" ALLOT_VERSION, to.proxy()->authorization);
    proxy_event event;
    for (;;) {
        switch (asking.resume(event)) {
        case proxy_step::send:
            event = co_await send_to_proxy(asking.request());
            break;
        case proxy_step::receive:
            event = co_await receive_from_proxy(asking.room());
            break;
        case proxy_step::open:
            co_return std::optional<failure>();
        case proxy_step::failed:
            co_return asking.reason();
        }
    }
}

asio::awaitable<std::optional<failure>> connection::open_tunnel(endpoint& to) {
    auto const& proxy = to.proxy()->where;
    if (proxy.tls) {
        engine_ = std::make_unique<tls_engine>(to.tls(), memory_.tls, proxy.host, tls_session());
        if (auto failed = co_await handshake())
            co_return std::move(failed);
    }
    auto failed = co_await ask_proxy(to);
    proxy_tls_ = std::move(engine_);
    if (!failed)
        peer_ = to.where().host_field + " through proxy " + proxy.host_field;
    co_return failed;
}

asio::awaitable<std::optional<failure>> connection::establish(endpoint& to) {
    if (to.proxy() != nullptr)
        if (auto failed = co_await open_tunnel(to))
            co_return std::move(failed);
    engine_ = std::make_unique<tls_engine>(
        to.tls(), memory_.tls, to.where().host, to.take_session(std::chrono::system_clock::now()));
    auto failed = co_await handshake();
    co_return failed;
}

asio::awaitable<std::optional<failure>> connection::open(endpoint& to, time_point until) {
    close();
    endpoint_ = &to;
    peer_ = to.proxy() != nullptr ? "proxy " + to.proxy()->where.host_field : to.where().host_field;
    timed_out_ = false;
    pace_.reset();
    auto const state = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(state)) {
        socket_error_ = asio::error::operation_aborted;
        co_return io_failure(errc::cancelled, "connecting to");
    }
    auto const found = co_await to.names().look_up(socket_.executor(), to.connect_host(), until);
    if (!found) {
        auto unknown = found.error();
        if (to.proxy() != nullptr)
            unknown.message = peer_ + ": " + unknown.message;
        co_return std::move(unknown);
    }
    auto failed = co_await connect_any(to, *found, until);
    if (!failed) {
        deadlines_.arm(*this, until);
        failed = co_await establish(to);
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

}
