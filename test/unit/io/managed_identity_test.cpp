#include "managed_identities.hpp"

namespace allot {
namespace {

using namespace std::chrono_literals;
using namespace test;
using kind = managed_identity_kind;
using clock = std::chrono::steady_clock;

BOOST_FIXTURE_TEST_SUITE(managed_identity_fetches, managed_identity_fixture)

BOOST_AUTO_TEST_CASE(a_metadata_service_gives_a_token) {
    plain_server const server({json(
        "200 OK", R"({"access_token":"token-1","client_id":"c","expires_in":"86399","expires_on":"1774173425",
                      "refresh_in":"43199","not_before":"1774086725","refresh_token":"",
                      "resource":"https://graph.microsoft.com/","token_type":"Bearer"})")});
    auto const before = clock::now();
    auto const token = fetch_from(settings(kind::imds, server.url())).value();
    auto const after = clock::now();
    BOOST_TEST(token.value.reveal() == "token-1");
    BOOST_TEST((token.acquired_at >= before && token.acquired_at <= after));
    BOOST_TEST((token.expires_at - token.acquired_at == 86399s));
    BOOST_TEST((token.refresh_at.value() - token.acquired_at == 43199s));
    BOOST_TEST_REQUIRE(server.requests().size() == 1u);
    BOOST_TEST(has(server.requests()[0], "\r\nMetadata: true\r\n"));
    BOOST_TEST(server.requests()[0].starts_with(
        "GET "
        "/metadata/identity/oauth2/"
        "token?api-version=2018-02-01&resource=https%3A%2F%2Fgraph.microsoft.com "));
}

BOOST_AUTO_TEST_CASE(app_service_gives_a_token_that_expires_at_a_time) {
    for (auto const which : {kind::app_service, kind::app_service_2017}) {
        auto const expires_on =
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + 24h;
        plain_server const server({json(
            "200 OK", R"({"access_token":"token-1","expires_on":")" +
                          std::to_string(expires_on.time_since_epoch().count()) +
                          R"(","resource":"https://graph.microsoft.com","token_type":"Bearer"})")});
        auto const token = fetch_from(settings(which, server.url())).value();
        auto const life = token.expires_at - token.acquired_at;
        BOOST_TEST((life > 24h - 1min && life <= 24h));
        BOOST_TEST(!token.refresh_at.has_value());
        BOOST_TEST(has(
            server.requests()[0], (which == kind::app_service ? "\r\nX-IDENTITY-HEADER: " : "\r\nsecret: ") +
                                      std::string(header_secret) + "\r\n"));
    }
}

BOOST_AUTO_TEST_CASE(app_service_of_2017_writes_the_time_as_a_date) {
    auto const tomorrow = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) + 24h;
    std::chrono::year_month_day const day(std::chrono::floor<std::chrono::days>(tomorrow));
    auto const date = std::to_string(unsigned(day.month())) + '/' + std::to_string(unsigned(day.day())) +
                      '/' + std::to_string(int(day.year()));
    plain_server const server({json(
        "200 OK", R"({"access_token":"token-1","expires_on":")" + date +
                      R"( 11:59:59 PM +00:00","token_type":"Bearer"})")});
    auto const token = fetch_from(settings(kind::app_service_2017, server.url())).value();
    auto const expected = tomorrow + 24h - 1s - std::chrono::system_clock::now();
    auto const off = token.expires_at - clock::now() - expected;
    BOOST_TEST((off > -1min && off < 1min));
}

BOOST_AUTO_TEST_CASE(arc_gives_a_token_to_who_can_read_its_file) {
    plain_server const server({challenge(), good()});
    BOOST_TEST(fetch_from(settings(kind::arc, server.url())).value().value.reveal() == "token-1");
    BOOST_TEST_REQUIRE(server.requests().size() == 2u);
    BOOST_TEST(!has(server.requests()[0], "Authorization"));
    BOOST_TEST(has(server.requests()[1], "\r\nAuthorization: Basic " + std::string(key_secret) + "\r\n"));
}

BOOST_AUTO_TEST_CASE(a_life_beyond_what_a_clock_can_hold_is_cut) {
    plain_server const server(
        {json("200 OK", R"({"access_token":"t","expires_in":9223372036,"refresh_in":9223372036})")});
    auto const token = fetch_from(settings(kind::imds, server.url())).value();
    BOOST_TEST((token.expires_at > clock::now() + 24h * 365));
    BOOST_TEST((token.refresh_at.value() == token.expires_at));
}

BOOST_AUTO_TEST_CASE(a_token_whose_life_is_not_told_has_none) {
    plain_server const server({json("200 OK", R"({"access_token":"t"})")});
    BOOST_TEST(
        (fetch_from(settings(kind::imds, server.url())).value().expires_at == clock::time_point::max()));
}

BOOST_AUTO_TEST_CASE(what_can_pass_is_tried_again) {
    for (auto const which : all_kinds) {
        std::vector<plain_reply> script{
            json("503 Service Unavailable", ""), json("404 Not Found", "", "Retry-After: 0\r\n")};
        if (which == kind::arc)
            script.push_back(challenge());
        script.push_back(good());
        plain_server const server(script);
        BOOST_TEST(fetch_from(settings(which, server.url())).has_value());
        BOOST_TEST(server.requests().size() == script.size());
    }
}

BOOST_AUTO_TEST_CASE(attempts_end) {
    for (auto const which : all_kinds) {
        plain_server const server([](std::size_t, std::string const&) {
            return json("500 Internal Server Error", R"({"error":"unknown","error_description":"Failed"})");
        });
        auto const said = refusal(settings(which, server.url()));
        BOOST_TEST((said.code == errc::token_unavailable));
        BOOST_TEST((said.reason == end_reason::attempts));
        BOOST_TEST(said.exchange.attempts == 3u);
        BOOST_TEST(said.exchange.http_status == 500);
        BOOST_TEST(server.requests().size() == 3u);
        BOOST_TEST(has(said.message, "status 500: \"unknown: Failed\""), said.message);
        BOOST_TEST(has(said.message, server.url()));
    }
}

BOOST_AUTO_TEST_CASE(the_second_step_of_arc_is_tried_again_from_the_first) {
    plain_server const server({challenge(), json("500 Oh", ""), challenge(), good()});
    BOOST_TEST(fetch_from(settings(kind::arc, server.url())).has_value());
    BOOST_TEST(server.requests().size() == 4u);
    BOOST_TEST(!has(server.requests()[2], "Authorization"));
}

BOOST_AUTO_TEST_CASE(an_update_is_waited_for) {
    plain_server const server([](std::size_t, std::string const&) { return json("410 Gone", ""); });
    auto const began = clock::now();
    auto const said = refusal(settings(kind::imds, server.url()));
    BOOST_TEST((clock::now() - began >= limits.retries.update_time));
    BOOST_TEST(server.requests().size() > 3u);
    BOOST_TEST(has(said.message, "being updated"));
}

BOOST_AUTO_TEST_CASE(a_long_retry_after_ends_the_attempts) {
    plain_server const server({json("429 Too Many Requests", "", "Retry-After: 3600\r\n"), good()});
    auto const said = refusal(settings(kind::imds, server.url()));
    BOOST_TEST((said.reason == end_reason::attempts));
    BOOST_TEST(said.exchange.attempts == 1u);
    BOOST_TEST(has(said.message, "asked too often"));
}

BOOST_AUTO_TEST_CASE(other_refusals_are_final_and_say_what_to_do) {
    struct {
        kind which;
        plain_reply reply;
        std::string said, advice;
    } const rows[] = {
        {kind::imds,
         json("400 Bad Request", R"({"error":"invalid_request","error_description":"Identity not found"})"),
         "(IMDS): status 400: \"invalid_request: Identity not found\"", "az vm identity assign"},
        {kind::imds,
         json(
             "400 Bad Request",
             R"({"error":"invalid_request","error_description":"Multiple user assigned identities exist, please specify"})"),
         "Multiple user assigned", "by its client id"},
        {kind::imds, json("403 Forbidden", "proxy says no\x1b[2J"), "begins \"proxy says no\\x1b[2J\"", ""},
        {kind::app_service,
         json("400 Bad Request", R"({"statusCode":400,"message":"No Managed Identity found"})"),
         "(App Service): status 400", "turn the app's system-assigned identity on"},
        {kind::app_service_2017, json("401 Unauthorized", ""), "(App Service of 2017): status 401",
         "take the endpoint's secret over as Azure sets it"},
    };
    for (auto const& row : rows) {
        plain_server const server({row.reply, good()});
        auto const said = refusal(settings(row.which, server.url()));
        BOOST_TEST((said.code == errc::token_unavailable));
        BOOST_TEST((said.reason == end_reason::permanent));
        BOOST_TEST(said.exchange.attempts == 1u);
        BOOST_TEST(has(said.message, row.said), said.message);
        BOOST_TEST(has(said.message, row.advice), said.message);
        BOOST_TEST(server.requests().size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_user_assigned_identity_is_named_where_it_is_not_found) {
    plain_server const server(
        {json("400 Bad Request", R"({"error":"invalid_request","error_description":"Identity not found"})")});
    auto params = settings(kind::imds, server.url());
    params.client_id = "1111";
    auto const said = refusal(std::move(params));
    BOOST_TEST(
        has(said.message, "assign the identity with the client id \"1111\" to the VM, or correct the id "
                          "(AZURE_CLIENT_ID, --client-id)"),
        said.message);
    BOOST_TEST(has(server.requests()[0], "&client_id=1111 "));
}

BOOST_AUTO_TEST_CASE(nobody_listens) {
    std::string url;
    {
        plain_server const server(std::vector<plain_reply>{});
        url = server.url();
    }
    struct {
        kind which;
        std::string advice;
    } const rows[] = {
        {kind::imds, "unless it is a VM of Azure"},
        {kind::app_service, "runs in the app"},
        {kind::app_service_2017, "runs in the app"},
        {kind::arc, "azcmagent show"},
    };
    for (auto const& row : rows) {
        auto const said = refusal(settings(row.which, url));
        BOOST_TEST((said.code == errc::token_unavailable));
        BOOST_TEST((said.reason == end_reason::attempts));
        BOOST_TEST(said.exchange.attempts == 3u);
        BOOST_TEST(has(said.message, "connecting to 127.0.0.1:"), said.message);
        BOOST_TEST(has(said.message, row.advice), said.message);
    }
}

BOOST_AUTO_TEST_CASE(challenges_of_arc_that_lead_nowhere) {
    auto const outside = folder.path().string() + "2/1.key";
    struct {
        std::string field, said;
    } const rows[] = {
        {"", "names a key file"},
        {"WWW-Authenticate: Basic\r\n", "names a key file"},
        {"WWW-Authenticate: Bearer realm=" + key_file() + "\r\n", "names a key file"},
        {"WWW-Authenticate: Basic realm=" + outside + "\r\n", "must lie in"},
        {"WWW-Authenticate: Basic realm=/etc/passwd\r\n", "must lie in"},
        {"WWW-Authenticate: Basic realm=" + key_file() + "s.key\r\n", "No such file"},
    };
    for (auto const& row : rows) {
        plain_server const server({json("401 Unauthorized", "", row.field), good()});
        auto const said = refusal(settings(kind::arc, server.url()));
        BOOST_TEST((said.reason == end_reason::permanent));
        BOOST_TEST(has(said.message, row.said), said.message);
        BOOST_TEST(server.requests().size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(an_agent_that_asks_for_no_key_or_refuses_it) {
    plain_server const giving({good()});
    BOOST_TEST(has(refusal(settings(kind::arc, giving.url())).message, "without a question"));
    plain_server const refusing({challenge(), challenge(), good()});
    auto const said = refusal(settings(kind::arc, refusing.url()));
    BOOST_TEST(has(said.message, "refused the key"), said.message);
    BOOST_TEST(refusing.requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(it_is_described_without_secrets) {
    auto params = settings(kind::app_service, "http://127.0.0.1:42356");
    params.client_id = "1111";
    auto const credential = make(params);
    BOOST_TEST(
        credential->description() ==
        "managed identity (App Service at http://127.0.0.1:42356/msi/token, client id \"1111\")");
    BOOST_TEST(
        make_managed_identity_credential({}).value()->description() ==
        "managed identity (IMDS at http://169.254.169.254/metadata/identity/oauth2/token)");
}

BOOST_AUTO_TEST_CASE(only_the_same_identity_of_the_same_endpoint_shares_tokens) {
    auto const base = settings(kind::imds, "http://127.0.0.1:1");
    auto other = [&](auto change) {
        auto params = base;
        change(params);
        return make(params)->cache_key();
    };
    auto const key = make(base)->cache_key();
    BOOST_TEST(!key.empty());
    BOOST_TEST(other([](auto&) {}) == key);
    BOOST_TEST(other([](auto& params) { params.probe = true; }) == key);
    BOOST_TEST(other([](auto& params) { params.client_id = "1"; }) != key);
    BOOST_TEST(other([](auto& params) { params.client_id = "1"; }) != other([](auto& params) {
                   params.object_id = "1";
               }));
    // Messages cut a long one short.
    BOOST_TEST(other([](auto& params) {
                   params.resource_id = std::string(300, 'x') + '1';
               }) != other([](auto& params) { params.resource_id = std::string(300, 'x') + '2'; }));
    BOOST_TEST(other([](auto& params) { params.host.metadata_url = "http://127.0.0.1:2"; }) != key);
    BOOST_TEST(make(settings(kind::arc, "http://127.0.0.1:1"))->cache_key() != key);
}

BOOST_AUTO_TEST_CASE(bad_parameters) {
    managed_identity_params params;
    params.host.metadata_url = "http://metadata.example";
    auto const made = make_managed_identity_credential(params);
    BOOST_TEST_REQUIRE(!made.has_value());
    BOOST_TEST((made.error().code == errc::invalid_params));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
