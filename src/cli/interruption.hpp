#pragma once

#include <allot/failure.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace allot {

/// SIGINT and SIGTERM, taken over until the end of this object or `release`: the first one cancels what is
/// bound to `slot`, terminally; one more stops the context. A process that a signal ends without that leaves
/// the programs it has started behind. Thread safety: unsafe.
class interruption {
public:
    /// Lifetimes: the context outlives this object.
    explicit interruption(boost::asio::io_context& context);

    boost::asio::cancellation_slot slot() noexcept { return cancelled_.slot(); }

    /// The number of the first that came.
    std::optional<int> signal() const noexcept { return signal_; }

    /// From here on signals have their usual effect.
    void release() { signals_.clear(); }

private:
    void wait();

    boost::asio::io_context& context_;
    boost::asio::signal_set signals_;
    boost::asio::cancellation_signal cancelled_;
    std::optional<int> signal_;
};

/// A signal came before there was an answer.
class interrupted : public std::exception {
public:
    explicit interrupted(int signal);

    int signal() const noexcept { return signal_; }
    char const* what() const noexcept override { return text_.c_str(); }

private:
    int signal_;
    std::string text_;
};

/// Runs one operation to its end. Throws `interrupted`.
template <class Value>
result<Value>
run_operation(boost::asio::io_context& context, boost::asio::awaitable<result<Value>> operation) {
    interruption stop(context);
    std::optional<result<Value>> answer;
    auto ended = [&](std::exception_ptr error, result<Value> value) {
        if (error)
            std::rethrow_exception(error);
        answer.emplace(std::move(value));
        context.stop();
    };
    boost::asio::co_spawn(
        context, std::move(operation), boost::asio::bind_cancellation_slot(stop.slot(), std::move(ended)));
    context.run();
    // What is there is not thrown away.
    if (stop.signal() && (!answer || !*answer))
        throw interrupted(*stop.signal());
    return std::move(*answer);
}

}
