#include "unit/io/token_sides.hpp"

#include <thread>
#include <vector>

namespace allot {
namespace {
namespace asio = boost::asio;
using test::fake_credential;
using test::side;

struct fixture {
    std::shared_ptr<fake_credential> credential = std::make_shared<fake_credential>();
};

BOOST_FIXTURE_TEST_SUITE(token_cache_suite, fixture)

BOOST_AUTO_TEST_CASE(a_thousand_waiters_cause_one_fetch) {
    side one(credential);
    for (int i = 0; i != 1000; ++i)
        one.wait();
    one.poll();
    BOOST_TEST(one.served == 1000);
    BOOST_TEST(credential->fetches == 1);
    BOOST_TEST(one.try_get()->token->value.reveal() == "token-1");
}

BOOST_AUTO_TEST_CASE(clients_of_other_contexts_share_the_fetch) {
    side one(credential);
    side two(credential);
    one.wait();
    one.context->poll_one(); // as far as the start of the fetch
    two.wait();
    two.poll();
    one.poll();
    BOOST_TEST(one.served == 1);
    BOOST_TEST(two.served == 0);
    two.poll();
    BOOST_TEST(two.served == 1);
    BOOST_TEST(credential->fetches == 1);
}

BOOST_AUTO_TEST_CASE(threads_share_the_fetch) {
    constexpr int count = 4;
    std::vector<std::unique_ptr<side>> sides;
    for (int i = 0; i != count; ++i) {
        sides.push_back(std::make_unique<side>(credential));
        for (int waiter = 0; waiter != 100; ++waiter)
            sides.back()->wait();
    }
    std::vector<std::thread> threads;
    for (auto const& each : sides)
        threads.emplace_back([&each] {
            // The fetch of another thread is no work of this context.
            while (each->served != 100)
                each->poll();
        });
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(credential->fetches == 1);
}

BOOST_AUTO_TEST_CASE(a_fetch_whose_client_closes_is_begun_again_by_another) {
    credential->hangs = true;
    side one(credential);
    side two(credential);
    one.wait_until_cancelled();
    one.poll();
    two.wait();
    two.poll();
    BOOST_TEST(credential->fetches == 1);
    credential->hangs = false;
    one.cancel_wait.emit(asio::cancellation_type::terminal);
    one.tokens->cancel();
    one.poll();
    two.poll();
    BOOST_TEST(two.served == 1);
    BOOST_TEST(credential->fetches == 2);
}

BOOST_AUTO_TEST_CASE(a_fetch_whose_context_is_destroyed_is_begun_again_by_another) {
    credential->hangs = true;
    side one(credential);
    side two(credential);
    one.wait();
    one.poll();
    two.wait();
    two.poll();
    credential->hangs = false;
    one.context.reset();
    two.poll();
    BOOST_TEST(two.served == 1);
    BOOST_TEST(credential->fetches == 2);
}

BOOST_AUTO_TEST_CASE(a_context_may_be_destroyed_while_its_own_waiters_wait) {
    credential->hangs = true;
    side one(credential);
    for (int i = 0; i != 10; ++i)
        one.wait();
    one.poll();
    one.context.reset();
    BOOST_TEST(one.served == 0);
}

BOOST_AUTO_TEST_CASE(only_credentials_of_one_key_share) {
    auto other = std::make_shared<fake_credential>();
    side one(credential);
    side two(other);
    BOOST_TEST(one.get().has_value());
    BOOST_TEST(two.get().has_value());
    BOOST_TEST(other->fetches == 1);

    auto named = std::make_shared<fake_credential>();
    auto twin = std::make_shared<fake_credential>();
    named->key = twin->key = "the same";
    side three(named);
    side four(twin);
    side five(twin, client_capability::cp1);
    BOOST_TEST(three.get().has_value());
    BOOST_TEST(four.get().has_value());
    BOOST_TEST(twin->fetches == 0);
    // A token that was asked for with a capability is another one.
    BOOST_TEST(five.get().has_value());
    BOOST_TEST(twin->fetches == 1);
}

BOOST_AUTO_TEST_CASE(a_cache_goes_with_its_last_client) {
    BOOST_TEST(side(credential).get().has_value());
    BOOST_TEST(side(credential).get().has_value());
    BOOST_TEST(credential->fetches == 2);
}

BOOST_AUTO_TEST_CASE(a_cancelled_waiter_leaves_the_fetch_to_the_others) {
    credential->hangs = true;
    side one(credential);
    one.wait_until_cancelled();
    one.wait();
    one.poll();
    one.cancel_wait.emit(asio::cancellation_type::terminal);
    one.poll();
    BOOST_TEST((one.failed == errc::cancelled));
    credential->hangs = false;
    one.tokens->cancel();
    one.poll();
    BOOST_TEST(one.served == 1);
    BOOST_TEST(credential->fetches == 2);
}

BOOST_AUTO_TEST_CASE(a_failure_reaches_every_waiter) {
    credential->fails = errc::token_unavailable;
    side one(credential);
    BOOST_TEST(one.get().error().message == "refused");
    BOOST_TEST(one.get().error().message == "refused");
    BOOST_TEST(credential->fetches == 1);
}

BOOST_AUTO_TEST_CASE(a_source_that_is_not_here_is_a_token_that_is_not_there) {
    credential->fails = errc::credential_unavailable;
    BOOST_TEST((side(credential).get().error().code == errc::token_unavailable));
}

BOOST_AUTO_TEST_CASE(what_a_credential_throws_is_a_failure) {
    credential->throws = true;
    auto const token = side(credential).get();
    BOOST_TEST((token.error().code == errc::token_unavailable));
    BOOST_TEST(token.error().message.find("broken") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_text_that_could_break_a_field_is_refused_and_not_repeated) {
    for (auto const* const text : {"two words", "line\r\nInjected: yes", ""}) {
        credential->text = text;
        auto const token = side(credential).get();
        BOOST_TEST((token.error().code == errc::token_unavailable));
        BOOST_TEST((*text == '\0' || token.error().message.find(text) == std::string::npos));
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_has_expired_when_it_comes_is_a_failure_and_no_loop) {
    credential->life = std::chrono::hours(0);
    BOOST_TEST(side(credential).get().error().message.find("expired") != std::string::npos);
    BOOST_TEST(credential->fetches == 1);
}

BOOST_AUTO_TEST_CASE(row_05_a_rejected_token_is_replaced_for_all_clients) {
    side one(credential);
    side two(credential);
    auto const first = one.get().value();
    BOOST_TEST(two.try_get()->generation == first.generation);
    credential->text = "token-2";
    one.tokens->reject(first.generation, {});
    BOOST_TEST(!two.try_get());
    two.poll();
    auto const second = one.get().value();
    BOOST_TEST(second.token->value.reveal() == "token-2");
    BOOST_TEST(two.try_get()->generation == second.generation);
    BOOST_TEST(credential->fetches == 2);
}

BOOST_AUTO_TEST_CASE(row_05_a_storm_is_told_without_asking_the_source) {
    side one(credential);
    one.tokens->reject(one.get().value().generation, {});
    one.tokens->reject(one.get().value().generation, {});
    auto const refused = one.get();
    BOOST_TEST((refused.error().code == errc::unauthorized));
    BOOST_TEST(refused.error().message.find("tokens of fake") != std::string::npos);
    BOOST_TEST(credential->fetches == 2);
}

BOOST_AUTO_TEST_CASE(a_token_that_was_taken_may_be_refused_later) {
    side one(credential);
    one.tokens->reject(one.get().value().generation, {});
    auto const second = one.get().value().generation;
    one.tokens->accept(second);
    one.tokens->accept(second);
    one.tokens->reject(second, {});
    BOOST_TEST(one.get().has_value());
    BOOST_TEST(credential->fetches == 3);
}

BOOST_AUTO_TEST_CASE(row_06_claims_and_the_capability_are_asked_for) {
    constexpr auto challenge = R"({"access_token":{"nbf":{"essential":true,"value":"1726258122"}}})";
    side plain(credential);
    BOOST_TEST(plain.get().has_value());
    BOOST_TEST(credential->claims.empty());
    plain.tokens->reject(plain.get().value().generation, challenge);
    BOOST_TEST(plain.get().has_value());
    BOOST_TEST(credential->claims == challenge);

    side able(credential, client_capability::cp1);
    BOOST_TEST(able.get().has_value());
    BOOST_TEST(credential->claims == R"({"access_token":{"xms_cc":{"values":["cp1"]}}})");
    able.tokens->reject(able.get().value().generation, challenge);
    BOOST_TEST(able.get().has_value());
    BOOST_TEST(credential->claims.find("1726258122") != std::string::npos);
    BOOST_TEST(credential->claims.find("cp1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_deadline_ends_the_wait) {
    credential->hangs = true;
    side one(credential);
    auto wait = [](client_token& from) -> asio::awaitable<errc> {
        auto const token = co_await from.get(std::chrono::steady_clock::now());
        from.cancel();
        co_return static_cast<errc>(token.error().code.value());
    };
    BOOST_TEST((test::run(*one.context, wait(*one.tokens)) == errc::deadline_exceeded));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
