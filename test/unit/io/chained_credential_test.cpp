#include "fetched.hpp"
#include "io/parking_spot.hpp"

#include <allot/credential_sources.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace allot {
namespace {
namespace asio = boost::asio;

/// A source that answers as a test wants it.
struct scripted_source final : token_credential {
    explicit scripted_source(std::string text) : name(std::move(text)) {}

    asio::awaitable<result<access_token>> fetch_token(token_request request) override {
        ++fetches;
        scope = request.scope;
        claims = request.claims;
        auto const executor = co_await asio::this_coro::executor;
        if (hold)
            co_await hold->wait(std::nullopt);
        else
            co_await asio::post(executor, asio::use_awaitable);
        if (code != errc()) {
            failure why;
            why.code = code;
            why.message = name + " is not here";
            co_return why;
        }
        auto const now = std::chrono::steady_clock::now();
        co_return access_token(secret(std::string_view(name)), now, now + std::chrono::hours(1));
    }
    std::string description() const override { return "source " + name; }
    std::string cache_key() const override { return key; }

    std::string name;
    std::string key;
    std::string scope;
    std::string claims;
    errc code = errc();
    int fetches = 0;
    parking_spot* hold = nullptr;
};

struct fixture {
    asio::io_context context;
    std::shared_ptr<scripted_source> a = std::make_shared<scripted_source>("a");
    std::shared_ptr<scripted_source> b = std::make_shared<scripted_source>("b");
    std::shared_ptr<scripted_source> c = std::make_shared<scripted_source>("c");
    std::shared_ptr<token_credential> chain = make_chained_credential({a, b, c}, {"d: set D"});

    result<access_token> fetch() { return *test::run(context, test::fetch_once(chain, "scope", "claims")); }
    std::string token() { return std::string(fetch().value().value.reveal()); }
    std::string fetches() const {
        return std::to_string(a->fetches) + std::to_string(b->fetches) + std::to_string(c->fetches);
    }
};

BOOST_FIXTURE_TEST_SUITE(chained_credentials, fixture)

BOOST_AUTO_TEST_CASE(the_first_that_is_here_gives_the_token) {
    BOOST_TEST(token() == "a");
    BOOST_TEST(fetches() == "100");
    BOOST_TEST(a->scope == "scope");
    BOOST_TEST(a->claims == "claims");
}

BOOST_AUTO_TEST_CASE(sources_that_are_not_here_are_passed_over_and_not_asked_again) {
    a->code = errc::credential_unavailable;
    b->code = errc::credential_unavailable;
    BOOST_TEST(token() == "c");
    BOOST_TEST(c->scope == "scope");
    BOOST_TEST(c->claims == "claims");
    a->code = errc();
    BOOST_TEST(token() == "c");
    BOOST_TEST(fetches() == "112");
    c->code = errc::credential_unavailable;
    BOOST_TEST(fetch().error().message == "c is not here");
    BOOST_TEST(fetches() == "113");
}

BOOST_AUTO_TEST_CASE(any_other_failure_is_the_answer) {
    a->code = errc::credential_unavailable;
    for (auto const code : {errc::token_unavailable, errc::cancelled, errc::invalid_params}) {
        b->code = code;
        auto const failed = fetch();
        BOOST_TEST((failed.error().code == code));
        BOOST_TEST(failed.error().message == "b is not here");
    }
    BOOST_TEST(c->fetches == 0);
    // It did not give a token: the chain begins anew.
    a->code = errc();
    BOOST_TEST(token() == "a");
}

BOOST_AUTO_TEST_CASE(where_none_is_here_each_says_why) {
    for (auto const& each : {a, b, c})
        each->code = errc::credential_unavailable;
    auto const failed = fetch();
    BOOST_TEST((failed.error().code == errc::token_unavailable));
    BOOST_TEST((failed.error().reason == end_reason::permanent));
    BOOST_TEST(
        failed.error().message == "there is no source of tokens here: (1) source a: a is not here; "
                                  "(2) source b: b is not here; (3) source c: c is not here; (4) d: set D");
    BOOST_TEST(fetches() == "111");
    b->code = errc();
    BOOST_TEST(token() == "b");
}

BOOST_AUTO_TEST_CASE(without_sources) {
    chain = make_chained_credential({}, {"d: set D"});
    BOOST_TEST(fetch().error().message == "there is no source of tokens here: (1) d: set D");
    BOOST_TEST(chain->description() == "no source");
}

BOOST_AUTO_TEST_CASE(the_description_tells_which_one_works) {
    a->code = errc::credential_unavailable;
    BOOST_TEST(chain->description() == "the first that there is of: source a, source b, source c");
    token();
    BOOST_TEST(chain->description() == "source b");
}

BOOST_AUTO_TEST_CASE(chains_of_the_same_sources_share_their_tokens) {
    BOOST_TEST(chain->cache_key() == "");
    for (auto const& each : {a, b, c})
        each->key = "key of " + each->name;
    auto const key = chain->cache_key();
    BOOST_TEST(key.find("key of b") != std::string::npos);
    BOOST_TEST(key != make_chained_credential({a, c, b})->cache_key());
    BOOST_TEST(key == make_chained_credential({a, b, c})->cache_key());
    BOOST_TEST(chain->throttle_key() == key);
    b->key.clear();
    BOOST_TEST(chain->cache_key() == "");
}

BOOST_AUTO_TEST_CASE(of_fetches_at_the_same_time_the_first_to_end_decides) {
    parking_spot spot(context.get_executor());
    a->code = errc::credential_unavailable;
    b->hold = &spot;
    std::vector<std::string> tokens;
    auto const start = [&] {
        asio::co_spawn(
            context, test::fetch_once(chain, "scope"), [&](std::exception_ptr, test::fetched token) {
                tokens.emplace_back(token->value().value.reveal());
            });
    };
    start();
    context.poll();
    b->hold = nullptr;
    b->code = errc::credential_unavailable;
    start();
    context.poll();
    BOOST_TEST(chain->description() == "source c");
    b->code = errc();
    spot.wake();
    context.poll();
    BOOST_TEST(tokens == (std::vector<std::string>{"c", "b"}), boost::test_tools::per_element());
    BOOST_TEST(chain->description() == "source c");
}

BOOST_AUTO_TEST_CASE(a_cancelled_fetch_asks_no_further_source) {
    parking_spot spot(context.get_executor());
    a->code = errc::credential_unavailable;
    a->hold = &spot;
    asio::cancellation_signal cancel;
    test::fetched ended;
    asio::co_spawn(
        context, test::fetch_once(chain, "scope"),
        asio::bind_cancellation_slot(
            cancel.slot(), [&](std::exception_ptr, test::fetched made) { ended = std::move(made); }));
    context.poll();
    cancel.emit(asio::cancellation_type::terminal);
    context.restart();
    context.run();
    BOOST_TEST_REQUIRE(ended.has_value());
    BOOST_TEST((ended->error().code == errc::cancelled));
    BOOST_TEST(b->fetches == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
