#include "io/token_cache.hpp"
#include "support/coroutine.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace allot {
namespace {
namespace asio = boost::asio;

struct fake_credential final : token_credential {
    int fetches = 0;
    std::string text = "token-1";
    std::chrono::hours life{1};
    bool fails = false;
    bool throws = false;
    parking_spot* hold = nullptr;

    asio::awaitable<result<access_token>> fetch_token(token_request request) override {
        BOOST_TEST(request.scope == "https://graph.example/.default");
        ++fetches;
        auto const executor = co_await asio::this_coro::executor;
        if (hold)
            co_await hold->wait(std::nullopt);
        else
            co_await asio::post(executor, asio::use_awaitable);
        if (throws)
            throw std::runtime_error("broken");
        failure refused;
        refused.code = errc::token_unavailable;
        refused.message = "refused";
        if (fails)
            co_return refused;
        auto const now = std::chrono::steady_clock::now();
        co_return access_token(secret(std::string_view(text)), now, now + life);
    }
    std::string description() const override { return "fake"; }
};

struct fixture {
    asio::io_context context;
    std::shared_ptr<fake_credential> credential = std::make_shared<fake_credential>();
    std::shared_ptr<token_cache> cache =
        std::make_shared<token_cache>(context.get_executor(), credential, "https://graph.example/.default");

    void renew() {
        cache = std::make_shared<token_cache>(
            context.get_executor(), credential, "https://graph.example/.default");
    }

    result<cached_token> get() { return test::run(context, cache->get(std::nullopt)); }
};

BOOST_FIXTURE_TEST_SUITE(token_cache_suite, fixture)

BOOST_AUTO_TEST_CASE(a_thousand_waiters_cause_one_fetch) {
    int served = 0;
    auto wait = [](token_cache& from, int& count) -> asio::awaitable<void> {
        auto const token = co_await from.get(std::nullopt);
        count += token.has_value() ? 1 : 0;
    };
    for (int i = 0; i != 1000; ++i)
        asio::co_spawn(context, wait(*cache, served), asio::detached);
    context.run();
    BOOST_TEST(served == 1000);
    BOOST_TEST(credential->fetches == 1);
    BOOST_TEST(cache->try_get(std::chrono::steady_clock::now())->token->value.reveal() == "token-1");
}

BOOST_AUTO_TEST_CASE(a_cancelled_waiter_leaves_the_fetch_to_the_others) {
    asio::cancellation_signal cancel;
    std::optional<errc> cancelled;
    bool served = false;
    auto wait_cancelled = [](token_cache& from, std::optional<errc>& code) -> asio::awaitable<void> {
        co_await asio::this_coro::throw_if_cancelled(false);
        auto const token = co_await from.get(std::nullopt);
        code = token ? errc::parked : static_cast<errc>(token.error().code.value());
    };
    auto wait = [](token_cache& from, bool& got) -> asio::awaitable<void> {
        got = (co_await from.get(std::nullopt)).has_value();
    };
    asio::co_spawn(
        context, wait_cancelled(*cache, cancelled),
        asio::bind_cancellation_slot(cancel.slot(), asio::detached));
    asio::co_spawn(context, wait(*cache, served), asio::detached);
    parking_spot hold(context.get_executor());
    credential->hold = &hold;
    context.poll();
    cancel.emit(asio::cancellation_type::terminal);
    context.poll();
    BOOST_TEST((cancelled == errc::cancelled));
    BOOST_TEST(!served);
    hold.wake();
    context.run();
    BOOST_TEST(served);
    BOOST_TEST(credential->fetches == 1);
}

BOOST_AUTO_TEST_CASE(a_failure_reaches_every_waiter) {
    credential->fails = true;
    auto const token = get();
    BOOST_TEST(token.error().message == "refused");
    BOOST_TEST(get().error().message == "refused");
    BOOST_TEST(credential->fetches == 1);
}

BOOST_AUTO_TEST_CASE(what_a_credential_throws_is_a_failure) {
    credential->throws = true;
    auto const token = get();
    BOOST_TEST((token.error().code == errc::token_unavailable));
    BOOST_TEST(token.error().message.find("broken") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_text_that_could_break_a_field_is_refused_and_not_repeated) {
    for (auto const* const text : {"two words", "line\r\nInjected: yes", ""}) {
        credential->text = text;
        renew();
        auto const token = get();
        BOOST_TEST((token.error().code == errc::token_unavailable));
        BOOST_TEST((*text == '\0' || token.error().message.find(text) == std::string::npos));
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_has_expired_when_it_comes_is_a_failure_and_no_loop) {
    credential->life = std::chrono::hours(0);
    BOOST_TEST(get().error().message.find("expired") != std::string::npos);
    BOOST_TEST(credential->fetches == 1);
}

BOOST_AUTO_TEST_CASE(a_rejected_token_is_replaced) {
    auto const first = get().value();
    credential->text = "token-2";
    cache->reject(first.generation);
    auto const second = get().value();
    BOOST_TEST(second.token->value.reveal() == "token-2");
    BOOST_TEST(second.generation != first.generation);
}

BOOST_AUTO_TEST_CASE(a_deadline_ends_the_wait) {
    parking_spot hold(context.get_executor());
    credential->hold = &hold;
    auto wait = [](token_cache& from) -> asio::awaitable<errc> {
        auto const token = co_await from.get(std::chrono::steady_clock::now());
        from.cancel();
        co_return static_cast<errc>(token.error().code.value());
    };
    BOOST_TEST((test::run(context, wait(*cache)) == errc::deadline_exceeded));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
