#include "base/base64.hpp"
#include "simulator/token_endpoint.hpp"
#include "support/client_certificates.hpp"
#include "support/jws.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace allot::simulation {
namespace {

using namespace std::chrono_literals;

struct fixture {
    static request post(std::string body) {
        return {
            "POST",
            "/tenant-1/oauth2/v2.0/token",
            {{"Host", "h"}, {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
            std::move(body),
            true};
    }

    exchange at(std::chrono::steady_clock::duration time) const {
        return {
            "rid",
            "cid",
            {std::chrono::steady_clock::time_point() + time, std::chrono::system_clock::time_point()}};
    }

    reply ask(std::string body) { return endpoint.answer(post(std::move(body)), at(1h)); }

    bool accepts(std::string_view token, std::chrono::steady_clock::time_point now) const {
        return endpoint.tokens().check(token, now) == issued_tokens::verdict::good;
    }

    static std::string good_form(std::string_view scope = "https%3A%2F%2Flocalhost%3A1%2F.default") {
        return "grant_type=client_credentials&client_id=app-1&client_secret=p%40ss+word%2B&scope=" +
               std::string(scope);
    }

    void check_refused(reply const& got, unsigned status, std::string_view error, int code) const {
        BOOST_TEST(got.status == status);
        auto const body = boost::json::parse(*got.body).as_object();
        BOOST_TEST(std::string_view(body.at("error").as_string()) == error);
        BOOST_TEST(body.at("error_codes").as_array().at(0).as_int64() == code);
        BOOST_TEST(std::string_view(body.at("error_description").as_string())
                       .starts_with("AADSTS" + std::to_string(code) + ": "));
        BOOST_TEST(std::string_view(body.at("timestamp").as_string()) == "1970-01-01 00:00:00Z");
        BOOST_TEST(std::string_view(body.at("trace_id").as_string()) == "rid");
        BOOST_TEST(std::string_view(body.at("correlation_id").as_string()) == "cid");
        BOOST_TEST(got.body->find("word") == std::string::npos);
    }

    token_endpoint endpoint{
        {"tenant-1",
         "contoso.example",
         "app-1",
         secret(std::string_view("p@ss word+")),
         {"https://localhost:1", "https://127.0.0.1:1"},
         60s,
         {test::pem_of(test::client_certificate_of().x509.get())},
         {"federated.token"}}};
};

BOOST_FIXTURE_TEST_SUITE(token_endpoint_suite, fixture)

BOOST_AUTO_TEST_CASE(issues_tokens_that_expire) {
    auto const got = ask(good_form());
    BOOST_TEST(got.status == 200u);
    auto const body = boost::json::parse(*got.body).as_object();
    BOOST_TEST(std::string_view(body.at("token_type").as_string()) == "Bearer");
    BOOST_TEST(body.at("expires_in").as_int64() == 60);
    BOOST_TEST(body.at("ext_expires_in").as_int64() == 60);
    std::string const token(body.at("access_token").as_string());
    auto const issued = at(1h).at.steady;
    BOOST_TEST(accepts(token, issued));
    BOOST_TEST(accepts(token, issued + 59s));
    BOOST_TEST(!accepts(token, issued + 60s));
    BOOST_TEST(!accepts(token + "x", issued));
    BOOST_TEST(!accepts("", issued));
}

BOOST_AUTO_TEST_CASE(every_token_is_another_and_older_ones_stay_good) {
    auto const token = [](reply const& got) {
        return std::string(boost::json::parse(*got.body).at("access_token").as_string());
    };
    auto const first = token(ask(good_form()));
    auto const second = token(endpoint.answer(post(good_form()), at(1h + 30s)));
    BOOST_TEST(first != second);
    BOOST_TEST(accepts(first, at(1h + 30s).at.steady));
    token(endpoint.answer(post(good_form()), at(1h + 70s)));
    BOOST_TEST(!accepts(first, at(1h + 30s).at.steady));
    BOOST_TEST(accepts(second, at(1h + 70s).at.steady));
}

BOOST_AUTO_TEST_CASE(scope_is_this_graph_or_the_real_one) {
    BOOST_TEST(ask(good_form("https://graph.microsoft.com/.default")).status == 200u);
    BOOST_TEST(ask(good_form("https://127.0.0.1:1/.default")).status == 200u);
    check_refused(ask(good_form("https://127.0.0.1:1")), 400, "invalid_scope", 70011);
    check_refused(ask(good_form("https://localhost:2/.default")), 400, "invalid_scope", 70011);
    check_refused(ask(good_form("User.Read")), 400, "invalid_scope", 70011);
    check_refused(ask(good_form("")), 400, "invalid_scope", 70011);
}

BOOST_AUTO_TEST_CASE(tenant_by_id_or_name) {
    auto what = post(good_form());
    what.target = "/contoso.example/oauth2/v2.0/token";
    BOOST_TEST(endpoint.answer(what, at(1h)).status == 200u);
    what.target = "/other/oauth2/v2.0/token";
    check_refused(endpoint.answer(what, at(1h)), 400, "invalid_request", 90002);
}

BOOST_AUTO_TEST_CASE(secret_in_http_basic) {
    auto what = post("grant_type=client_credentials&scope=https://localhost:1/.default");
    // "app-1:p%40ss+word%2B": RFC 6749 has both parts form-encoded.
    what.fields.push_back({"Authorization", "basic YXBwLTE6cCU0MHNzK3dvcmQlMkI="});
    BOOST_TEST(endpoint.answer(what, at(1h)).status == 200u);
    what.fields.back().value = "Basic YXBwLTE6d3Jvbmc=";
    check_refused(endpoint.answer(what, at(1h)), 401, "invalid_client", 7000215);
    for (auto const* bad : {"Basic ", "Basic x", "Basic !!!!", "Basic YWJj"}) {
        what.fields.back().value = bad;
        check_refused(endpoint.answer(what, at(1h)), 401, "invalid_client", 900144);
    }
}

BOOST_AUTO_TEST_CASE(assertion_in_place_of_a_secret) {
    auto const form = [](std::string const& type, std::string const& assertion) {
        return "grant_type=client_credentials&client_id=app-1&scope=https://localhost:1/.default&"
               "client_assertion_type=" +
               type + "&client_assertion=" + assertion;
    };
    std::string const jwt = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    BOOST_TEST(ask(form(jwt, "federated.token")).status == 200u);
    check_refused(ask(form("saml", "federated.token")), 400, "invalid_request", 900144);
    check_refused(ask(form(jwt, "another.token")), 401, "invalid_client", 50027);
}

BOOST_AUTO_TEST_CASE(one_proof_at_a_time) {
    std::string const basic = "Basic YXBwLTE6cCU0MHNzK3dvcmQlMkI=";
    auto const by = [&](std::string const& parameters, std::string const& authorization) {
        auto what = post("grant_type=client_credentials&scope=https://localhost:1/.default" + parameters);
        if (!authorization.empty())
            what.fields.push_back({"Authorization", authorization});
        return endpoint.answer(what, at(1h));
    };
    std::string const secret_given = "&client_id=app-1&client_secret=p%40ss+word%2B";
    std::string const assertion_given =
        "&client_id=app-1&client_assertion_type="
        "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=";
    // The first of each is right, the second is not.
    check_refused(by(secret_given + assertion_given.substr(16) + "wrong", ""), 400, "invalid_request", 90023);
    check_refused(by(assertion_given + "wrong", basic), 400, "invalid_request", 90023);
    check_refused(by("&client_id=app-1&client_secret=wrong", basic), 400, "invalid_request", 90023);
    check_refused(by("&client_id=app-2", basic), 400, "invalid_request", 90023);
    check_refused(by(assertion_given + "federated.token", "Basic YXBwLTE6"), 400, "invalid_request", 90023);
    check_refused(by(assertion_given, ""), 401, "invalid_client", 7000218);
    BOOST_TEST(by("&client_id=app-1", basic).status == 200u);
}

BOOST_AUTO_TEST_CASE(an_assertion_for_another_host_does_not_serve_here) {
    auto const& own = test::client_certificate_of();
    auto const posted = [&](std::string const& host, std::string const& audience_host,
                            std::string const& id) {
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        X509_digest(own.x509.get(), EVP_sha256(), digest, &size);
        auto what = post(
            "grant_type=client_credentials&client_id=app-1&scope=https://localhost:1/.default"
            "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
            "&client_assertion=" +
            test::signed_jwt(
                own.key.get(), true,
                R"({"alg":"PS256","x5t#S256":")" +
                    base64url_encode({reinterpret_cast<char const*>(digest), size}) + "\"}",
                R"({"iss":"app-1","sub":"app-1","exp":300,"jti":")" + id + R"(","aud":"https://)" +
                    audience_host + R"(/tenant-1/oauth2/v2.0/token"})"));
        what.fields[0].value = host;
        return endpoint.answer(what, at(1h));
    };
    for (std::string const host : {"localhost:1", "127.0.0.1:1", "login.microsoftonline.com"})
        BOOST_TEST(posted(host, host, host).status == 200u, host);
    check_refused(posted("elsewhere.example", "elsewhere.example", "1"), 401, "invalid_client", 700023);
    check_refused(posted("localhost:1", "127.0.0.1:1", "2"), 401, "invalid_client", 700023);
}

BOOST_AUTO_TEST_CASE(refuses_as_entra_does) {
    check_refused(ask(""), 400, "invalid_request", 900144);
    check_refused(ask("grant_type"), 400, "invalid_request", 90014);
    check_refused(ask("grant_type=a&grant_type=a"), 400, "invalid_request", 90014);
    check_refused(ask("grant_type=%zz"), 400, "invalid_request", 90014);
    check_refused(ask("grant_type=password"), 400, "unsupported_grant_type", 70003);
    check_refused(ask("grant_type=client_credentials"), 400, "invalid_request", 900144);
    check_refused(ask("grant_type=client_credentials&client_id=x"), 400, "unauthorized_client", 700016);
    check_refused(ask("grant_type=client_credentials&client_id=app-1"), 401, "invalid_client", 7000218);
    check_refused(
        ask("grant_type=client_credentials&client_id=app-1&client_secret=p@ss+word"), 401, "invalid_client",
        7000215);
}

BOOST_AUTO_TEST_CASE(wants_a_posted_form) {
    auto what = post(good_form());
    what.method = "GET";
    auto const got = endpoint.answer(what, at(1h));
    check_refused(got, 405, "invalid_request", 900561);
    what.method = "POST";
    what.fields = {{"Content-Type", "application/json"}};
    check_refused(endpoint.answer(what, at(1h)), 400, "invalid_request", 900144);
}

BOOST_AUTO_TEST_CASE(trouble_by_status) {
    check_refused(entra_error(at(0s), 503), 503, "temporarily_unavailable", 90033);
    check_refused(entra_error(at(0s), 400), 400, "invalid_request", 90023);
}

BOOST_AUTO_TEST_CASE(knows_its_paths) {
    BOOST_TEST(token_endpoint::owns("/t/oauth2/v2.0/token"));
    for (auto const* other :
         {"", "/", "//oauth2/v2.0/token", "/oauth2/v2.0/token", "/a/b/oauth2/v2.0/token",
          "/t/oauth2/v2.0/token/", "/t/oauth2/token", "t/oauth2/v2.0/token"})
        BOOST_TEST(!token_endpoint::owns(other), other);
}

BOOST_AUTO_TEST_CASE(lifetimes_by_seed_and_when_to_refresh) {
    auto const lifetimes = [this](std::uint64_t seed) {
        token_endpoint_params params;
        params.tenant = "tenant-1";
        params.client_id = "app-1";
        params.client_secret = secret(std::string_view("p@ss word+"));
        params.resources = {"https://localhost:1"};
        params.lifetime = std::chrono::seconds(60);
        params.lifetime_spread = std::chrono::seconds(30);
        params.refresh_in = std::chrono::seconds(20);
        params.seed = seed;
        token_endpoint other(params);
        std::string out;
        for (int each = 0; each != 20; ++each) {
            auto const got = other.answer(post(good_form()), at(1h));
            BOOST_TEST_REQUIRE(got.status == 200u);
            auto const body = boost::json::parse(*got.body);
            auto const lifetime = body.at("expires_in").as_int64();
            BOOST_TEST(lifetime >= 60);
            BOOST_TEST(lifetime <= 90);
            BOOST_TEST(body.at("refresh_in").as_int64() == 20);
            auto const token = std::string(body.at("access_token").as_string());
            auto const end = std::chrono::steady_clock::time_point() + 1h + std::chrono::seconds(lifetime);
            BOOST_TEST((other.tokens().check(token, end - 1ms) == issued_tokens::verdict::good));
            BOOST_TEST((other.tokens().check(token, end) == issued_tokens::verdict::refused));
            out += std::to_string(lifetime) + ' ';
        }
        return out;
    };
    BOOST_TEST(lifetimes(1) == lifetimes(1));
    BOOST_TEST(lifetimes(1) != lifetimes(2));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
