#include "simulator/token_endpoint.hpp"

#include "simulator/json_writer.hpp"
#include "simulator/own_hosts.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace allot::simulation {
namespace {

constexpr std::string_view path_end = "/oauth2/v2.0/token";

std::vector<field> entra_fields(exchange const& of) {
    return {
        {"Cache-Control", "no-store, no-cache"},
        {"Pragma", "no-cache"},
        {"Content-Type", "application/json; charset=utf-8"},
        {"x-ms-request-id", of.request_id},
        {"client-request-id", of.client_request_id},
    };
}

using form = std::map<std::string, std::string, std::less<>>;

/// The parameters of a form, or nothing when it is not well formed or one comes twice (RFC 6749 section 3.2).
std::optional<form> parse_form(std::string_view body) {
    form out;
    while (!body.empty()) {
        auto const part = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(body.size(), part.size() + 1));
        auto const equals = part.find('=');
        if (equals == std::string_view::npos)
            return std::nullopt;
        auto name = percent_decode(part.substr(0, equals), true);
        auto value = percent_decode(part.substr(equals + 1), true);
        if (!name || !value || !out.emplace(std::move(*name), std::move(*value)).second)
            return std::nullopt;
    }
    return out;
}

std::string_view value_of(form const& from, std::string_view name) {
    auto const found = from.find(name);
    return found == from.end() ? std::string_view() : std::string_view(found->second);
}

struct client_identity {
    std::string id;
    std::string secret;
};

/// HTTP Basic: base64 of form-encoded id, ":", form-encoded secret (RFC 6749 section 2.3.1).
std::optional<client_identity> parse_basic(std::string_view credentials) {
    if (credentials.empty() || credentials.size() % 4 != 0)
        return std::nullopt;
    std::string decoded(credentials.size() / 4 * 3, '\0');
    auto const length = EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(decoded.data()),
        reinterpret_cast<unsigned char const*>(credentials.data()), static_cast<int>(credentials.size()));
    if (length < 0)
        return std::nullopt;
    auto const padding = credentials.ends_with("==") ? 2U : credentials.ends_with('=') ? 1U : 0U;
    decoded.resize(static_cast<std::size_t>(length) - padding);
    auto const colon = decoded.find(':');
    if (colon == std::string::npos)
        return std::nullopt;
    auto id = percent_decode(std::string_view(decoded).substr(0, colon), true);
    auto secret = percent_decode(std::string_view(decoded).substr(colon + 1), true);
    if (!id || !secret)
        return std::nullopt;
    return client_identity{std::move(*id), std::move(*secret)};
}

bool equal_secret(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

/// "2026-01-09 02:02:12Z".
std::string entra_date(instant at) {
    auto out = graph_date(at.wall) + 'Z';
    out[10] = ' ';
    return out;
}

}

std::string random_text() {
    std::array<unsigned char, 48> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("OpenSSL has no random bytes");
    std::string out;
    for (auto const byte : bytes)
        out += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[byte & 0x3fU];
    return out;
}

reply entra_error(
    exchange const& of, unsigned status, std::string_view error, unsigned code, std::string_view message) {
    auto const timestamp = entra_date(of.at);
    auto const number = std::to_string(code);
    std::string body;
    json_writer json(body);
    json.begin_object().text_member("error", error);
    json.text_member(
        "error_description", "AADSTS" + number + ": " + std::string(message) + " Trace ID: " + of.request_id +
                                 " Correlation ID: " + of.client_request_id + " Timestamp: " + timestamp);
    json.key("error_codes").begin_array().number(code).end_array();
    json.text_member("timestamp", timestamp).text_member("trace_id", of.request_id);
    json.text_member("correlation_id", of.client_request_id);
    json.text_member("error_uri", "https://login.microsoftonline.com/error?code=" + number).end_object();
    return {status, entra_fields(of), std::make_shared<std::string const>(std::move(body))};
}

reply entra_error(exchange const& of, unsigned status) {
    if (status == 429 || status >= 500)
        return entra_error(
            of, status, "temporarily_unavailable", 90033,
            "A transient error has occurred. Please try again.");
    return entra_error(of, status, "invalid_request", 90023, "The request could not be processed.");
}

token_endpoint::token_endpoint(token_endpoint_params params) :
    params_(std::move(params)),
    assertions_(params_.client_certificates, params_.federated_tokens),
    lifetimes_(params_.seed ^ 0x4c69'6665'7469'6d65) {}

bool token_endpoint::owns(std::string_view path) noexcept {
    return path.starts_with('/') && path.ends_with(path_end) && path.size() > path_end.size() + 1 &&
           path.find('/', 1) == path.size() - path_end.size();
}

reply token_endpoint::answer(request const& what, exchange const& of) {
    auto const refuse =
        [&of](unsigned status, std::string_view error, unsigned code, std::string_view message) {
            return entra_error(of, status, error, code, message);
        };
    if (what.method != "POST") {
        auto out = refuse(405, "invalid_request", 900561, "The endpoint only accepts POST requests.");
        out.fields.push_back({"Allow", "POST"});
        return out;
    }
    auto const path = what.path();
    auto const tenant = percent_decode(path.substr(1, path.size() - path_end.size() - 1));
    if (!tenant || (*tenant != params_.tenant && *tenant != params_.domain))
        return refuse(400, "invalid_request", 90002, "Tenant not found. Check the tenant identifier.");
    auto const type = what.find("Content-Type").value_or("");
    if (!same_name(type.substr(0, type.find(';')), "application/x-www-form-urlencoded"))
        return refuse(
            400, "invalid_request", 900144, "The request body must be application/x-www-form-urlencoded.");
    auto const parameters = parse_form(what.body);
    if (!parameters)
        return refuse(400, "invalid_request", 90014, "The request body is not a well formed form.");
    auto const grant = value_of(*parameters, "grant_type");
    if (grant.empty())
        return refuse(
            400, "invalid_request", 900144, "The request body must contain the parameter 'grant_type'.");
    if (grant != "client_credentials")
        return refuse(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.");

    if (auto refused = authenticate(what, *parameters, of))
        return std::move(*refused);
    if (!is_scope(value_of(*parameters, "scope")))
        return refuse(
            400, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.");
    return issue(of, value_of(*parameters, "claims"));
}

std::optional<reply>
token_endpoint::authenticate(request const& what, form const& parameters, exchange const& of) {
    client_identity client{
        std::string(value_of(parameters, "client_id")), std::string(value_of(parameters, "client_secret"))};
    auto const authorization = what.find("Authorization").value_or("");
    constexpr std::string_view basic = "Basic ";
    bool const by_basic = same_name(authorization.substr(0, basic.size()), basic);
    bool const by_assertion = !value_of(parameters, "client_assertion").empty();
    // RFC 6749 section 2.3: one way at a time. What is wrong must not hide behind what is right.
    if ((by_basic ? 1 : 0) + (by_assertion ? 1 : 0) + (client.secret.empty() ? 0 : 1) > 1)
        return entra_error(
            of, 400, "invalid_request", 90023,
            "The client proves itself in more than one way: by 'client_secret', 'client_assertion' or the "
            "Authorization field.");
    if (by_basic) {
        auto parsed = parse_basic(authorization.substr(basic.size()));
        if (!parsed)
            return entra_error(
                of, 401, "invalid_client", 900144, "The Authorization field is not well formed.");
        if (!client.id.empty() && client.id != parsed->id)
            return entra_error(
                of, 400, "invalid_request", 90023,
                "The parameter 'client_id' is not that of the Authorization field.");
        client = std::move(*parsed);
    }
    if (client.id.empty())
        return entra_error(
            of, 400, "invalid_request", 900144, "The request body must contain the parameter 'client_id'.");
    if (client.id != params_.client_id)
        return entra_error(
            of, 400, "unauthorized_client", 700016, "Application was not found in the directory.");
    if (by_assertion)
        return check_assertion(what, parameters, of);
    if (client.secret.empty())
        return entra_error(
            of, 401, "invalid_client", 7000218,
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
    bool const known = equal_secret(client.secret, params_.client_secret.reveal());
    wipe(client.secret);
    if (!known)
        return entra_error(of, 401, "invalid_client", 7000215, "Invalid client secret provided.");
    return std::nullopt;
}

std::optional<reply>
token_endpoint::check_assertion(request const& what, form const& parameters, exchange const& of) {
    if (value_of(parameters, "client_assertion_type") !=
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        return entra_error(
            of, 400, "invalid_request", 900144,
            "The request body must contain the parameter 'client_assertion_type' of RFC 7523.");
    auto const audience = base_of(what, params_.resources) + std::string(what.path());
    auto const against = assertions_.check(
        value_of(parameters, "client_assertion"), value_of(parameters, "client_id"), audience, of.at);
    if (against)
        return entra_error(of, 401, "invalid_client", against->code, against->message);
    return std::nullopt;
}

bool token_endpoint::is_scope(std::string_view text) const {
    constexpr std::string_view all = "/.default";
    if (!text.ends_with(all))
        return false;
    text.remove_suffix(all.size());
    return text == "https://graph.microsoft.com" ||
           std::find(params_.resources.begin(), params_.resources.end(), text) != params_.resources.end();
}

reply token_endpoint::issue(exchange const& of, std::string_view claims) {
    // The three parts of a JWT in looks only: clients must not read Graph's tokens.
    auto const token = "eyJ0eXAiOiJKV1QifQ." + random_text() + '.' + random_text();
    auto lifetime = params_.lifetime;
    if (params_.lifetime_spread.count() != 0)
        lifetime += std::chrono::seconds(
            lifetimes_.between(0, static_cast<std::int32_t>(params_.lifetime_spread.count())));
    tokens_.add(token, of.at, lifetime, claims);
    std::string body;
    json_writer json(body);
    json.begin_object().text_member("token_type", "Bearer").number_member("expires_in", lifetime.count());
    json.number_member("ext_expires_in", lifetime.count());
    if (params_.refresh_in)
        json.number_member("refresh_in", params_.refresh_in->count());
    json.text_member("access_token", token).end_object();
    return {200, entra_fields(of), std::make_shared<std::string const>(std::move(body))};
}

}
