#include "unit/io/token_sides.hpp"

#include <boost/system/system_error.hpp>

#include <functional>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::fake_credential;
using test::side;

failure of(errc code) {
    failure made;
    made.code = code;
    return made;
}

/// A source that somebody else wrote.
struct strange_credential final : token_credential {
    std::function<asio::awaitable<result<access_token>>(strange_credential&)> body;
    int fetches = 0;
    std::unique_ptr<parking_spot> spot = {};

    explicit strange_credential(decltype(body) does) : body(std::move(does)) {}
    asio::awaitable<result<access_token>> fetch_token(token_request) override {
        ++fetches;
        return body(*this);
    }
    std::string description() const override { return "strange"; }
};

result<access_token> a_token() {
    auto const now = std::chrono::steady_clock::now();
    return access_token(secret(std::string_view("late")), now, now + 1h);
}

asio::awaitable<result<access_token>> says_cancelled(strange_credential&) {
    co_return of(errc::cancelled);
}

asio::awaitable<result<access_token>> throws_a_number(strange_credential&) {
    throw 1;
    co_return of(errc::cancelled);
}

/// Throws as Asio does, where a wise one would return.
asio::awaitable<result<access_token>> throws_when_cancelled(strange_credential& self) {
    if (self.fetches > 1)
        co_return a_token();
    parking_spot own(co_await asio::this_coro::executor);
    co_await own.wait(std::nullopt);
    throw boost::system::system_error(asio::error::operation_aborted);
}

/// Takes no notice of being cancelled, until `spot` is woken.
asio::awaitable<result<access_token>> hangs_for_ever(strange_credential& self) {
    if (self.fetches > 1)
        co_return of(errc::token_unavailable);
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    self.spot = std::make_unique<parking_spot>(co_await asio::this_coro::executor);
    co_await self.spot->wait(std::nullopt);
    self.spot.reset();
    co_return a_token();
}

BOOST_AUTO_TEST_SUITE(token_cache_faults)

BOOST_AUTO_TEST_CASE(a_cancellation_nobody_asked_for_is_a_failure_and_no_loop) {
    auto const source = std::make_shared<strange_credential>(says_cancelled);
    auto const token = side(source).get();
    BOOST_TEST((token.error().code == errc::token_unavailable));
    BOOST_TEST((token.error().reason == end_reason::attempts));
    BOOST_TEST(token.error().message.find("nobody asked for") != std::string::npos);
    BOOST_TEST(source->fetches == 1);
}

BOOST_AUTO_TEST_CASE(whatever_a_credential_throws_is_a_failure_and_no_loop) {
    auto const source = std::make_shared<strange_credential>(throws_a_number);
    BOOST_TEST((side(source).get().error().code == errc::token_unavailable));
    BOOST_TEST(source->fetches == 1);
}

BOOST_AUTO_TEST_CASE(a_credential_that_throws_when_its_client_closes_fails_nobody_else) {
    auto const source = std::make_shared<strange_credential>(throws_when_cancelled);
    side one(source);
    side two(source);
    one.wait_until_cancelled();
    one.poll();
    two.wait();
    two.poll();
    one.cancel_wait.emit(asio::cancellation_type::terminal);
    one.tokens->cancel();
    one.poll();
    two.poll();
    BOOST_TEST(two.served == 1);
    BOOST_TEST(!two.failed.has_value());
    BOOST_TEST(source->fetches == 2);
}

BOOST_AUTO_TEST_CASE(a_credential_that_hangs_is_not_waited_for_without_end) {
    auto const source = std::make_shared<fake_credential>();
    source->hangs = true;
    auto const token = side(source, client_capability::none, 5ms).get();
    BOOST_TEST((token.error().code == errc::token_unavailable));
    BOOST_TEST((token.error().reason == end_reason::attempts));
    BOOST_TEST(
        token.error().message.find("fake gave neither a token nor an error within 1 s") != std::string::npos,
        token.error().message);
    BOOST_TEST(source->fetches == 1);
}

BOOST_AUTO_TEST_CASE(a_credential_that_cannot_be_cancelled_may_bring_its_token_late) {
    auto const source = std::make_shared<strange_credential>(hangs_for_ever);
    side one(source, client_capability::none, 5ms);
    one.wait();
    one.context->restart();
    while (!one.failed)
        one.context->run_one();
    BOOST_TEST((one.failed == errc::token_unavailable));
    BOOST_TEST_REQUIRE((source->spot != nullptr));
    source->spot->wake();
    one.poll();
    BOOST_TEST(one.get().value().token->value.reveal() == "late");
    BOOST_TEST(source->fetches == 1);
}

/// A side that had a token, which Graph refused while its source is down.
struct outage_fixture {
    std::shared_ptr<fake_credential> source = std::make_shared<fake_credential>();
    side one{source};

    outage_fixture() {
        source->life = 1h;
        one.tokens->reject(one.get().value().generation, {});
        source->fails = errc::token_unavailable;
        source->reason = end_reason::attempts;
    }
};

BOOST_FIXTURE_TEST_CASE(an_outage_is_waited_for, outage_fixture) {
    one.wait();
    one.poll();
    BOOST_TEST(source->fetches == 2);
    BOOST_TEST(one.served == 0);
    BOOST_TEST(!one.failed.has_value());
}

BOOST_FIXTURE_TEST_CASE(no_wait_for_an_outage_exceeds_the_deadline, outage_fixture) {
    one.context->restart();
    auto const began = std::chrono::steady_clock::now();
    auto const token = test::run(*one.context, one.tokens->get(began + 500ms));
    BOOST_TEST((token.error().code == errc::token_unavailable));
    BOOST_TEST((token.error().reason == end_reason::deadline));
    BOOST_TEST(token.error().message.starts_with("refused; the deadline"), token.error().message);
    // It would have been over before the source may be asked again.
    BOOST_TEST((std::chrono::steady_clock::now() < began + 500ms));
}

BOOST_FIXTURE_TEST_CASE(an_outage_that_lasts_ends_the_patience, outage_fixture) {
    auto const hasty = std::make_shared<client_token>(
        one.context->get_executor(), token_cache::shared(source, test::scope, client_capability::none), 0ms);
    one.context->restart();
    auto const token = test::run(*one.context, hasty->get(std::nullopt));
    BOOST_TEST((token.error().code == errc::token_unavailable));
    BOOST_TEST((token.error().reason == end_reason::attempts));
    BOOST_TEST(token.error().message.starts_with("refused; max_wait"), token.error().message);
}

BOOST_FIXTURE_TEST_CASE(what_cannot_pass_is_not_waited_for, outage_fixture) {
    source->reason = end_reason::permanent;
    BOOST_TEST(one.get().error().message == "refused");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
