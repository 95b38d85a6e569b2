#pragma once

#include "io/credentials/managed_identity.hpp"
#include "protocol/managed_identity_request.hpp"
#include "support/coroutine.hpp"
#include "support/plain_server.hpp"
#include "support/test_ca.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// What the tests of managed identities share.
namespace allot::test {

inline constexpr std::string_view header_secret = "header-marker";
inline constexpr std::string_view key_secret = "key-marker";

inline bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

inline plain_reply json(std::string_view status, std::string_view body, std::string_view fields = {}) {
    return {http_answer(status, body, fields), false};
}

inline plain_reply good(std::string_view token = "token-1") {
    return json("200 OK", R"({"access_token":")" + std::string(token) + R"(","expires_in":"86399"})");
}

/// Settings of one kind of host at `url`.
inline managed_identity_params settings(managed_identity_kind kind, std::string const& url) {
    managed_identity_params made;
    switch (kind) {
    case managed_identity_kind::imds:
        made.host.metadata_url = url;
        break;
    case managed_identity_kind::app_service:
        made.host.identity_endpoint = url + "/msi/token";
        made.host.identity_header = secret(header_secret);
        break;
    case managed_identity_kind::app_service_2017:
        made.host.msi_endpoint = url + "/MSI/token/";
        made.host.msi_secret = secret(header_secret);
        break;
    case managed_identity_kind::arc:
        made.host.identity_endpoint = url + "/metadata/identity/oauth2/token";
        made.host.imds_endpoint = url;
        break;
    }
    return made;
}

inline constexpr managed_identity_kind all_kinds[] = {
    managed_identity_kind::imds, managed_identity_kind::app_service, managed_identity_kind::app_service_2017,
    managed_identity_kind::arc};

/// An agent's folder, and limits with which no test waits long.
struct managed_identity_fixture {
    boost::asio::io_context context;
    temporary_folder folder;
    managed_identity_limits limits;

    managed_identity_fixture() {
        using std::chrono::milliseconds;
        limits.retries.delays = {milliseconds(1), milliseconds(2)};
        limits.retries.max_delay = milliseconds(1'000);
        limits.retries.server_error_delay = milliseconds(1);
        limits.retries.update_time = milliseconds(30);
        limits.arc_key_folder = folder.path().string();
        std::ofstream(key_file()) << key_secret << "\n";
    }

    std::string key_file() const { return (folder.path() / "1.key").string(); }

    /// Arc's first answer.
    plain_reply challenge() const {
        return json("401 Unauthorized", "", "WWW-Authenticate: Basic realm=" + key_file() + "\r\n");
    }

    std::shared_ptr<token_credential> make(managed_identity_params params) const {
        return make_managed_identity_credential(std::move(params), limits).value();
    }

    static boost::asio::awaitable<void>
    fetch(token_credential& from, std::optional<result<access_token>>& got) {
        co_await boost::asio::this_coro::throw_if_cancelled(false);
        token_request request("https://graph.microsoft.com/.default", R"({"access_token":{}})");
        got = co_await from.fetch_token(std::move(request));
    }

    result<access_token> fetch_from(token_credential& from) {
        std::optional<result<access_token>> got;
        run(context, fetch(from, got));
        return std::move(*got);
    }

    result<access_token> fetch_from(managed_identity_params params) {
        auto const credential = make(std::move(params));
        return fetch_from(*credential);
    }

    /// The failure of a fetch; its text holds no secret.
    failure refusal(managed_identity_params params) {
        auto const token = fetch_from(std::move(params));
        BOOST_TEST_REQUIRE(!token.has_value());
        for (auto const secret : {header_secret, key_secret})
            BOOST_TEST(!has(to_string(token.error()), secret), token.error().message);
        return token.error();
    }
};

}
