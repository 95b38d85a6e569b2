#pragma once

#include "io/throttle_gate.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace allot::test {

inline departure good_answer() {
    departure how{departure_kind::answered, {}};
    how.latency = std::chrono::milliseconds(20);
    return how;
}

/// A client's gate_side: a context, its gate, and who waits there.
struct gate_side {
    boost::asio::cancellation_signal cancel_wait = {};
    std::unique_ptr<boost::asio::io_context> context = std::make_unique<boost::asio::io_context>();
    std::shared_ptr<throttle_gate> gate;
    std::vector<throttle_gate::pass> inside = {};
    int failed = 0;
    std::optional<errc> reason = {};

    explicit gate_side(std::shared_ptr<shared_gate> shared, throttle_gate_params const& params = {}) :
        gate(throttle_gate::make(context->get_executor(), std::move(shared), params)) {}

    static boost::asio::awaitable<void>
    enter(gate_side& self, std::shared_ptr<throttle_gate> from, std::uint32_t calls) {
        co_await boost::asio::this_coro::throw_if_cancelled(false);
        auto entered = co_await from->enter(std::nullopt, calls);
        if (entered)
            self.inside.push_back(std::move(*entered));
        else {
            ++self.failed;
            self.reason = static_cast<errc>(entered.error().code.value());
        }
    }
    void wait(std::uint32_t calls = 1) {
        boost::asio::co_spawn(*context, enter(*this, gate, calls), boost::asio::detached);
    }
    void wait_until_cancelled() {
        boost::asio::co_spawn(
            *context, enter(*this, gate, 1),
            boost::asio::bind_cancellation_slot(cancel_wait.slot(), boost::asio::detached));
    }
    void poll() {
        context->restart();
        context->poll();
    }
    bool try_enter() {
        auto entered = gate->try_enter(std::chrono::steady_clock::now());
        if (entered)
            inside.push_back(std::move(*entered));
        return entered.has_value();
    }
    void leave(departure_kind kind, std::optional<std::chrono::milliseconds> hint = {}) {
        inside.back().leave(std::chrono::steady_clock::now(), {kind, hint});
        inside.pop_back();
    }
    void leave_well() {
        inside.back().leave(std::chrono::steady_clock::now(), good_answer());
        inside.pop_back();
    }
};

}
