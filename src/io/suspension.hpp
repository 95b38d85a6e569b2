#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace allot {

/// A coroutine that is suspended, or nothing. Thread safety: distinct objects: safe; shared: unsafe.
template <class T>
class suspension {
public:
    suspension() = default;

    template <class Handler>
    requires std::is_invocable_v<Handler&, T>
    explicit suspension(Handler handler) :
        executor_(boost::asio::get_associated_executor(handler)),
        handler_(std::move(handler)) {}

    suspension(suspension&&) = default;

    // Boost 1.81's any_completion_handler recurses without end when it is move-assigned.
    suspension& operator=(suspension&& other) noexcept {
        std::swap(executor_, other.executor_);
        handler_.swap(other.handler_);
        return *this;
    }

    explicit operator bool() const noexcept { return static_cast<bool>(handler_); }

    /// Where a caller asks for its end. The handler keeps a cancellation state of its own on the caller's
    /// slot, so this, and not that slot, is the one to assign to; the coroutine clears its own once it
    /// continues.
    boost::asio::cancellation_slot slot() const noexcept {
        return boost::asio::get_associated_cancellation_slot(handler_);
    }

    /// Continues it on its executor, not inside this call. Preconditions: not empty; becomes empty.
    void resume(T value) {
        auto const executor = executor_;
        boost::asio::post(
            executor, [handler = std::move(handler_), value]() mutable { std::move(handler)(value); });
    }

private:
    boost::asio::any_io_executor executor_;
    boost::asio::any_completion_handler<void(T)> handler_;
};

}
