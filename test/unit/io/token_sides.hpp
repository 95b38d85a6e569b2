#pragma once

#include "io/client_token.hpp"
#include "support/coroutine.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

/// What the tests of the token cache share.
namespace allot::test {

inline constexpr auto scope = "https://graph.example/.default";

/// A source whose answers a test sets.
struct fake_credential final : token_credential {
    std::atomic<int> fetches = 0;
    std::string text = "token-1";
    std::string key = {};
    std::string claims = {};
    std::chrono::hours life{1};
    std::optional<errc> fails = {};
    bool throws = false;
    bool hangs = false; ///< until it is cancelled
    end_reason reason = end_reason::permanent;

    boost::asio::awaitable<result<access_token>> fetch_token(token_request request) override {
        BOOST_TEST(request.scope == scope);
        claims = request.claims;
        ++fetches;
        auto const executor = co_await boost::asio::this_coro::executor;
        if (hangs) {
            parking_spot spot(executor);
            co_await spot.wait(std::nullopt);
            failure cancelled;
            cancelled.code = errc::cancelled;
            co_return cancelled;
        }
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
        if (throws)
            throw std::runtime_error("broken");
        if (fails) {
            failure refused;
            refused.code = *fails;
            refused.reason = reason;
            refused.message = "refused";
            co_return refused;
        }
        auto const now = std::chrono::steady_clock::now();
        co_return access_token(secret(std::string_view(text)), now, now + life);
    }
    std::string description() const override { return "fake"; }
    std::string cache_key() const override { return key; }
};

/// A client's side: a context, and who waits there.
struct side {
    boost::asio::cancellation_signal cancel_wait = {};
    std::unique_ptr<boost::asio::io_context> context = std::make_unique<boost::asio::io_context>();
    std::shared_ptr<client_token> tokens;
    int served = 0;
    std::optional<errc> failed = {};

    explicit side(
        std::shared_ptr<token_credential> credential, client_capability capability = client_capability::none,
        std::chrono::milliseconds timeout = token_cache::fetch_timeout) :
        tokens(std::make_shared<client_token>(
            context->get_executor(), token_cache::shared(std::move(credential), scope, capability, timeout),
            std::chrono::minutes(10))) {}

    static boost::asio::awaitable<void> serve(side& self, std::shared_ptr<client_token> from) {
        co_await boost::asio::this_coro::throw_if_cancelled(false);
        auto const token = co_await from->get(std::nullopt);
        if (token)
            ++self.served;
        else
            self.failed = static_cast<errc>(token.error().code.value());
    }
    void wait() { boost::asio::co_spawn(*context, serve(*this, tokens), boost::asio::detached); }
    /// One at a time: a signal has one slot.
    void wait_until_cancelled() {
        boost::asio::co_spawn(
            *context, serve(*this, tokens),
            boost::asio::bind_cancellation_slot(cancel_wait.slot(), boost::asio::detached));
    }
    void poll() {
        context->restart();
        context->poll();
    }
    std::optional<cached_token> try_get() { return tokens->try_get(std::chrono::steady_clock::now()); }
    result<cached_token> get() {
        context->restart();
        return test::run(*context, tokens->get(std::nullopt));
    }
};

}
