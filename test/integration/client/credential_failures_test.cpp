#include "integration/client/credential_fixture.hpp"

#include <filesystem>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::token_rule;

struct fixture : test::credential_fixture {};

BOOST_FIXTURE_TEST_SUITE(credential_failures, fixture)

BOOST_AUTO_TEST_CASE(a_federated_file_that_is_gone_or_not_trusted) {
    auto const source = workload();
    test::write_file(federated_path, "eyJhbGciOiJSUzI1NiJ9.e30.c2ln");
    auto const refused = fetch(*source).error();
    BOOST_TEST(refused.graph_code == "invalid_client");
    BOOST_TEST((refused.reason == end_reason::permanent));
    BOOST_TEST(has(refused.message, "federated token in " + federated_path + " of "), refused.message);
    BOOST_TEST(has(refused.message, "AADSTS700213"));
    BOOST_TEST(has(refused.message, "compare issuer, subject and audience"));
    std::filesystem::remove(federated_path);
    auto const gone = fetch(*source).error();
    BOOST_TEST((gone.code == errc::token_unavailable));
    BOOST_TEST(gone.message.starts_with("federated token file " + federated_path + ": cannot be opened"));
    BOOST_TEST((*graph)->stats().token_requests == 1u);
}

BOOST_AUTO_TEST_CASE(row_22_a_renewed_certificate_is_read_once_the_old_one_is_refused) {
    start("{}", 1);
    auto const source = certificate();
    auto const refused = fetch(*source).error();
    BOOST_TEST(has(refused.message, "AADSTS700027"), refused.message);
    BOOST_TEST(has(refused.message, "give the certificate that is registered"));
    // The file is the same: there is nothing to ask again with.
    BOOST_TEST((*graph)->stats().token_requests == 1u);
    write_certificate(1);
    BOOST_TEST(fetch(*source).has_value());
    BOOST_TEST((*graph)->stats().token_requests == 3u);
    // From now on it is the one in use.
    BOOST_TEST(fetch(*source).has_value());
    BOOST_TEST((*graph)->stats().token_requests == 4u);
}

BOOST_AUTO_TEST_CASE(row_22_many_fetches_at_once_survive_a_renewal) {
    start("{}", 1);
    auto const source = certificate();
    write_certificate(1);
    int good = 0;
    auto fetch_one = [](fixture& of, token_credential& from, int& count) -> asio::awaitable<void> {
        count += (co_await from.fetch_token(of.wanted())).has_value() ? 1 : 0;
    };
    for (int i = 0; i != 10; ++i)
        asio::co_spawn(context, fetch_one(*this, *source, good), asio::detached);
    context.run();
    BOOST_TEST(good == 10);
}

BOOST_AUTO_TEST_CASE(row_22_a_file_that_broke_is_said_so_beside_the_refusal) {
    start("{}", 1);
    auto const source = certificate();
    test::write_file(certificate_path, "half a fi");
    auto const refused = fetch(*source).error();
    BOOST_TEST(refused.graph_code == "invalid_client");
    BOOST_TEST(has(refused.message, "AADSTS700027"));
    BOOST_TEST(has(refused.message, "cannot be read again: certificate file " + certificate_path));
}

BOOST_AUTO_TEST_CASE(a_wrong_secret_is_named_but_not_shown) {
    auto params = filled<client_secret_params>();
    params.client_secret = secret(std::string_view("marker secret"));
    auto const source = make_client_secret_credential(std::move(params)).value();
    auto const refused = fetch(*source).error();
    BOOST_TEST((refused.reason == end_reason::permanent));
    BOOST_TEST(refused.exchange.attempts == 1u);
    BOOST_TEST(refused.message.starts_with("client secret of " + (*graph)->info().client_id + ": "));
    BOOST_TEST(has(refused.message, (*graph)->info().token_url));
    BOOST_TEST(has(refused.message, "AADSTS7000215"));
    BOOST_TEST(has(refused.message, "the secret's value, not its id"));
    BOOST_TEST(!has(to_string(refused), "marker"));
}

BOOST_AUTO_TEST_CASE(an_endpoint_in_trouble_is_asked_four_times) {
    start(token_rule("", R"({"status":503,"headers":{"Retry-After":"0"}})"));
    auto const failed = fetch(*certificate()).error();
    BOOST_TEST((failed.reason == end_reason::attempts));
    BOOST_TEST(failed.exchange.attempts == 4u);
    BOOST_TEST((*graph)->stats().token_requests == 4u);
    BOOST_TEST(has(failed.message, "try again later"), failed.message);
}

BOOST_AUTO_TEST_CASE(a_wait_longer_than_a_minute_ends_the_attempts) {
    start(token_rule("", R"({"status":429,"headers":{"Retry-After":"3600"}})"));
    auto const failed = fetch(*graph->login()).error();
    BOOST_TEST((failed.reason == end_reason::attempts));
    BOOST_TEST(failed.exchange.attempts == 1u);
    BOOST_TEST(has(failed.message, "it asks to wait 3600 s"), failed.message);
    BOOST_TEST(failed.retry_at.has_value());
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_is_not_there) {
    auto const sources = all();
    (*graph)->stop();
    auto const failed = fetch(*sources[2]).error();
    BOOST_TEST((failed.code == errc::token_unavailable));
    BOOST_TEST(has(failed.message, "check network, firewall and port"), failed.message);
}

BOOST_AUTO_TEST_CASE(parameters_that_cannot_be_are_named) {
    auto const refused = [](auto const& made) {
        BOOST_TEST_REQUIRE(made.has_error());
        BOOST_TEST((made.error().code == errc::invalid_params));
        return made.error().message;
    };
    auto certificate_params = filled<client_certificate_params>();
    BOOST_TEST(
        has(refused(make_client_certificate_credential(certificate_params)), "certificate_file is empty"));
    certificate_params.certificate_file = (folder.path() / "none").string();
    BOOST_TEST(
        has(refused(make_client_certificate_credential(certificate_params)), "/none: cannot be opened"));
    certificate_params.client_id.clear();
    BOOST_TEST(has(refused(make_client_certificate_credential(certificate_params)), "client_id is empty"));

    auto workload_params = filled<workload_identity_params>();
    BOOST_TEST(
        has(refused(make_workload_identity_credential(workload_params)), "federated_token_file is empty"));
    workload_params.federated_token_file = federated_path;
    workload_params.token_url = "http://login.example/t/oauth2/v2.0/token";
    BOOST_TEST(has(refused(make_workload_identity_credential(workload_params)), "https"));

    auto secret_params = filled<client_secret_params>();
    BOOST_TEST(has(refused(make_client_secret_credential(secret_params)), "client_secret is empty"));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
