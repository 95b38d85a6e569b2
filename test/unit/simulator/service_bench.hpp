#pragma once

#include "simulator/service.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {

using namespace std::chrono_literals;

inline constexpr std::string_view secret_text = "marker-of-the-secret";

struct answer_view {
    unsigned status;
    std::vector<field> fields;
    std::string body;

    std::string_view operator[](std::string_view name) const {
        for (auto const& each : fields)
            if (same_name(each.name, name))
                return each.value;
        return "";
    }
};

inline answer_view parse_answer(std::string_view bytes) {
    answer_view out{};
    BOOST_TEST_REQUIRE(bytes.starts_with("HTTP/1.1 "));
    out.status = static_cast<unsigned>(std::stoul(std::string(bytes.substr(9, 3))));
    auto const head = bytes.find("\r\n\r\n");
    BOOST_TEST_REQUIRE(head != std::string_view::npos);
    out.body = bytes.substr(head + 4);
    auto at = bytes.find("\r\n") + 2;
    while (at < head) {
        auto const end = bytes.find("\r\n", at);
        auto const line = bytes.substr(at, end - at);
        auto const colon = line.find(": ");
        out.fields.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
        at = end + 2;
    }
    return out;
}

/// A service over a script, with a token in hand and a clock moved by hand.
struct bench {
    explicit bench(std::string_view text = "{}") : behaviour(parse_script(text).value()) {
        answers.emplace(
            data, behaviour, "https://localhost:1",
            token_endpoint_params{
                data.id(),
                data.domain(),
                data.client_id(),
                secret(secret_text),
                {"https://localhost:1"},
                behaviour.token_lifetime},
            1, start, notes);
    }

    instant now() const {
        return {start + clock, std::chrono::system_clock::time_point(1'774'088'225s + clock)};
    }

    transmission token_request(std::string_view client_secret = secret_text) {
        request const what{
            "POST",
            '/' + data.id() + "/oauth2/v2.0/token",
            {{"Host", "h"}, {"Content-Type", "application/x-www-form-urlencoded"}},
            "grant_type=client_credentials&client_id=" + data.client_id() +
                "&client_secret=" + std::string(client_secret) + "&scope=https://localhost:1/.default",
            true};
        return answers->answer(what, 1, now());
    }

    void log_in() {
        auto const got = parse_answer(token_request().bytes);
        BOOST_TEST_REQUIRE(got.status == 200u);
        token = boost::json::parse(got.body).at("access_token").as_string();
    }

    request get() const {
        auto const target =
            "/beta/admin/cloudLicensing/assignments/" + data.assignments()[0].id + "/allotment";
        return {
            "GET",
            target,
            {{"Host", "h"}, {"authorization", "bearer " + token}, {"client-request-id", "mine"}},
            "",
            true};
    }

    transmission ask() { return ask(get()); }
    transmission ask(request const& what) { return answers->answer(what, 2, now()); }
    journal_entry last() const { return notes.entries().back(); }

    tenant data{{20, 0, 1}};
    script behaviour;
    journal notes{true};
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::time_point() + 100h;
    std::chrono::milliseconds clock{};
    std::optional<service> answers;
    std::string token = "none";
};

}
