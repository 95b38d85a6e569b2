#include "integration/client/credential_fixture.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <thread>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::token_rule;

struct fixture : test::credential_fixture {};

BOOST_FIXTURE_TEST_SUITE(credentials, fixture)

BOOST_AUTO_TEST_CASE(each_source_reads_an_allotment) {
    auto sources = all();
    sources.push_back(certificate(assertion_algorithm::rs256));
    for (auto const& each : sources) {
        auto params = graph->params();
        params.credential = each;
        auto reader = graph->connect(context.get_executor(), std::move(params));
        BOOST_TEST(
            test::run(context, reader.get_allotment(graph->references()[0])).has_value(),
            each->description());
    }
}

BOOST_AUTO_TEST_CASE(row_21_a_token_tells_how_far_the_clocks_are_apart) {
    for (auto const& each : all()) {
        auto const token = fetch(*each).value();
        BOOST_TEST_REQUIRE(token.clock_offset.has_value());
        // The same clock; the second may have changed on the way.
        BOOST_TEST((*token.clock_offset >= -30s && *token.clock_offset <= 0s));
    }
}

BOOST_AUTO_TEST_CASE(every_attempt_has_an_assertion_of_its_own) {
    // The simulator remembers ids: the same assertion would be refused.
    start(token_rule(R"(,"nth":[2])", R"({"status":503,"headers":{"Retry-After":"0"}})"));
    auto const source = certificate();
    for (int i = 0; i != 2; ++i) {
        auto const got = fetch(*source);
        BOOST_TEST(got.has_value(), (got ? "" : got.error().message));
    }
    BOOST_TEST((*graph)->stats().token_requests == 3u);
}

BOOST_AUTO_TEST_CASE(a_federated_file_is_read_for_every_attempt) {
    start(token_rule(R"(,"nth":[1])", R"({"status":503,"headers":{"Retry-After":"0"}})"));
    auto const source = workload();
    test::write_file(federated_path, "stale");
    auto renew = [](fixture& of) -> asio::awaitable<void> {
        while (!(*of.graph)->wait_for_requests(1, 0ms))
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        test::write_file(of.federated_path, test::federated_text);
    };
    asio::co_spawn(context, renew(*this), asio::detached);
    auto const got = fetch(*source);
    BOOST_TEST(got.has_value(), (got ? "" : got.error().message));
    BOOST_TEST((*graph)->stats().token_requests == 2u);
}

BOOST_AUTO_TEST_CASE(a_federated_token_or_a_certificate_in_a_pipe_serves_once) {
    auto const feed = [](std::string const& path) {
        std::ifstream file(path);
        std::string const text{std::istreambuf_iterator<char>(file), {}};
        std::filesystem::remove(path);
        test::must(::mkfifo(path.c_str(), 0600) == 0, path);
        return std::thread([path, text] { std::ofstream(path) << text; });
    };
    auto writer = feed(federated_path);
    auto const federated = workload();
    auto const got = fetch(*federated);
    BOOST_TEST(got.has_value(), (got ? "" : got.error().message));
    writer.join();
    auto const refused = fetch(*federated).error();
    BOOST_TEST(has(refused.message, federated_path + ": is no regular file"), refused.message);

    start("{}", 1);
    writer = feed(certificate_path);
    auto const renewed = certificate();
    writer.join();
    auto const unknown = fetch(*renewed).error();
    BOOST_TEST(
        has(unknown.message,
            "cannot be read again: certificate file " + certificate_path + ": is no regular"),
        unknown.message);
}

BOOST_AUTO_TEST_CASE(cancelling_ends_a_fetch_and_leaves_the_source_usable) {
    start(token_rule(R"(,"nth":[1,3,5])", R"({"delay_ms":600000})"));
    auto fetch_into = [](fixture& of, token_credential& from, errc& code) -> asio::awaitable<void> {
        auto const got = co_await from.fetch_token(of.wanted());
        code = got ? errc{} : static_cast<errc>(got.error().code.value());
    };
    auto stop = [](fixture& of, std::uint64_t count,
                   asio::cancellation_signal& signal) -> asio::awaitable<void> {
        while (!(*of.graph)->wait_for_requests(count, 0ms))
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        signal.emit(asio::cancellation_type::terminal);
    };
    std::uint64_t requests = 1;
    for (auto const& each : all()) {
        asio::cancellation_signal signal;
        errc ended{};
        asio::co_spawn(
            context, fetch_into(*this, *each, ended),
            asio::bind_cancellation_slot(signal.slot(), asio::detached));
        asio::co_spawn(context, stop(*this, requests, signal), asio::detached);
        context.restart();
        context.run();
        BOOST_TEST((ended == errc::cancelled), each->description());
        BOOST_TEST(fetch(*each).has_value(), each->description());
        requests += 2;
    }
}

BOOST_AUTO_TEST_CASE(cancelling_between_attempts) {
    start(token_rule(R"(,"nth":[1])", R"({"status":503,"headers":{"Retry-After":"50"}})"));
    auto const source = certificate();
    asio::cancellation_signal signal;
    errc ended{};
    auto fetch_into = [](fixture& of, token_credential& from, errc& code) -> asio::awaitable<void> {
        auto const got = co_await from.fetch_token(of.wanted());
        code = got ? errc{} : static_cast<errc>(got.error().code.value());
    };
    asio::co_spawn(
        context, fetch_into(*this, *source, ended),
        asio::bind_cancellation_slot(signal.slot(), asio::detached));
    while (!(*graph)->wait_for_requests(1, 0ms))
        context.poll();
    // Until nothing but the wait is left to do.
    while (context.poll() != 0) {
    }
    signal.emit(asio::cancellation_type::terminal);
    context.run();
    BOOST_TEST((ended == errc::cancelled));
    BOOST_TEST(fetch(*source).has_value());
}

BOOST_AUTO_TEST_CASE(keys_of_caches_tell_who_authenticates_by_what) {
    std::vector<std::string> keys;
    for (auto const& each : all())
        keys.push_back(each->cache_key());
    auto const again = all();
    for (std::size_t i = 0; i != keys.size(); ++i)
        BOOST_TEST(keys[i] == again[i]->cache_key());
    write_certificate(1);
    keys.push_back(certificate()->cache_key());
    auto wrong = filled<client_secret_params>();
    wrong.client_secret = secret(std::string_view("marker"));
    keys.push_back(make_client_secret_credential(wrong).value()->cache_key());
    wrong.client_id = "another";
    keys.push_back(make_client_secret_credential(wrong).value()->cache_key());
    wrong.token_url += "x";
    keys.push_back(make_client_secret_credential(wrong).value()->cache_key());
    // One that trusts or reaches another server gets no token of this one's, nor this one its failures.
    auto elsewhere = filled<client_secret_params>();
    elsewhere.client_secret = secret(std::string_view("marker"));
    elsewhere.transport.ca_file.clear();
    keys.push_back(make_client_secret_credential(elsewhere).value()->cache_key());
    elsewhere.transport.connect_to = {{"", 0, "127.0.0.1", 1}};
    keys.push_back(make_client_secret_credential(elsewhere).value()->cache_key());
    elsewhere.transport.connect_to = {{"", 0, "127.0.0.1", 2}};
    keys.push_back(make_client_secret_credential(elsewhere).value()->cache_key());
    keys.push_back(make_token_credential(secret(std::string_view("marker")))->cache_key());
    keys.push_back(make_token_file_credential("marker")->cache_key());
    for (std::size_t i = 0; i != keys.size(); ++i) {
        BOOST_TEST(!keys[i].empty());
        BOOST_TEST(!has(keys[i], "marker"), keys[i]);
        for (std::size_t j = 0; j != i; ++j)
            BOOST_TEST(keys[i] != keys[j]);
    }
}

BOOST_AUTO_TEST_CASE(an_application_is_throttled_as_one_by_whatever_secret) {
    auto const key = certificate()->throttle_key();
    for (auto const& each : all())
        BOOST_TEST(each->throttle_key() == key);
    auto other = filled<client_secret_params>();
    other.client_secret = secret(std::string_view("marker"));
    BOOST_TEST(make_client_secret_credential(other).value()->throttle_key() == key);
    auto const id = std::exchange(other.client_id, "another");
    BOOST_TEST(make_client_secret_credential(other).value()->throttle_key() != key);
    other.client_id = id;
    other.token_url += "x";
    BOOST_TEST(make_client_secret_credential(other).value()->throttle_key() != key);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
