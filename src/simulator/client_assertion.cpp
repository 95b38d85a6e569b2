#include "simulator/client_assertion.hpp"

#include "base/base64.hpp"
#include "base/freed_by.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <stdexcept>
#include <utility>

namespace allot::simulation {
namespace {

using memory_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using digest_ptr = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;

/// How far Entra lets clocks be apart.
constexpr std::chrono::minutes clock_tolerance{5};

std::string thumbprint(X509* certificate, EVP_MD const* digest) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (X509_digest(certificate, digest, bytes.data(), &size) != 1)
        throw std::runtime_error("OpenSSL cannot digest a client certificate");
    return base64url_encode({reinterpret_cast<char const*>(bytes.data()), size});
}

boost::json::object parse_object(std::string_view encoded) {
    auto const text = base64_decode(encoded);
    boost::json::error_code failed;
    auto const value = text ? boost::json::parse(*text, failed) : boost::json::value();
    return !failed && value.is_object() ? value.get_object() : boost::json::object();
}

std::string text_of(boost::json::object const& from, std::string_view name) {
    auto const* const found = from.if_contains(name);
    auto const* const text = found == nullptr ? nullptr : found->if_string();
    return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

/// A NumericDate, which may have a fraction (RFC 7519 section 2).
std::optional<std::chrono::system_clock::time_point>
time_of(boost::json::object const& from, std::string_view name) {
    auto const* const found = from.if_contains(name);
    auto const seconds = found != nullptr && found->is_number() ? found->to_number<double>() : -1.0;
    constexpr double most = 9e9; // the year 2255; the clock ends in 2262
    if (!(seconds >= 0 && seconds <= most))
        return std::nullopt;
    return std::chrono::system_clock::time_point(
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::duration<double>(seconds)));
}

std::chrono::system_clock::time_point end_of(X509 const* certificate) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1)
        throw std::runtime_error("a client certificate has no end that can be read");
    return std::chrono::system_clock::from_time_t(timegm(&parts));
}

bool verify(EVP_PKEY* key, bool pss, std::string_view signed_part, std::string_view signature) {
    digest_ptr const context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* settings = nullptr;
    auto const bytes = [](std::string_view text) {
        return reinterpret_cast<unsigned char const*>(text.data());
    };
    bool const good =
        context && EVP_DigestVerifyInit(context.get(), &settings, EVP_sha256(), nullptr, key) == 1 &&
        (!pss || (EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1 &&
                  EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) == 1)) &&
        EVP_DigestVerify(
            context.get(), bytes(signature), signature.size(), bytes(signed_part), signed_part.size()) == 1;
    ERR_clear_error();
    return good;
}

assertion_refusal unsigned_assertion(std::string const& why) {
    return {700027, "Client assertion failed signature validation. [Reason - " + why + "]"};
}

}

void assertion_checker::key_deleter::operator()(EVP_PKEY* value) const noexcept {
    EVP_PKEY_free(value);
}

assertion_checker::assertion_checker(
    std::vector<std::string> const& certificates, std::vector<std::string> federated_tokens) :
    federated_tokens_(std::move(federated_tokens)) {
    std::erase(federated_tokens_, "");
    for (auto const& pem : certificates)
        certificates_.push_back(read_certificate(pem));
}

assertion_checker::registered assertion_checker::read_certificate(std::string const& pem) {
    memory_ptr const text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    x509_ptr const found(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    if (!found)
        throw std::runtime_error(
            "a client certificate is not PEM: its text begins with -----BEGIN CERTIFICATE-----");
    registered made;
    made.key.reset(X509_get_pubkey(found.get()));
    if (!made.key || EVP_PKEY_get_base_id(made.key.get()) != EVP_PKEY_RSA)
        throw std::runtime_error("a client certificate has no RSA key, which PS256 and RS256 need");
    made.x5t = thumbprint(found.get(), EVP_sha1());
    made.x5t_s256 = thumbprint(found.get(), EVP_sha256());
    made.until = end_of(found.get());
    return made;
}

std::optional<assertion_refusal> assertion_checker::check(
    std::string_view assertion, std::string_view client_id, std::string_view audience, instant now) {
    auto const federated = [assertion](std::string const& each) {
        return each.size() == assertion.size() &&
               CRYPTO_memcmp(each.data(), assertion.data(), each.size()) == 0;
    };
    if (std::any_of(federated_tokens_.begin(), federated_tokens_.end(), federated))
        return std::nullopt;
    auto const first = assertion.find('.');
    auto const last = assertion.rfind('.');
    if (first == std::string_view::npos || last == first)
        return assertion_refusal{50027, "Invalid JWT token. Token format not valid."};
    auto const payload = assertion.substr(first + 1, last - first - 1);
    auto const header = assertion.substr(0, first);
    if (auto why = check_signature(assertion.substr(0, last), header, assertion.substr(last + 1), now))
        return why;
    return check_claims(payload, client_id, audience, now);
}

std::optional<assertion_refusal> assertion_checker::check_signature(
    std::string_view signed_part, std::string_view header, std::string_view signature, instant now) const {
    auto const fields = parse_object(header);
    auto const x5t = text_of(fields, "x5t");
    auto const x5t_s256 = text_of(fields, "x5t#S256");
    if (x5t.empty() && x5t_s256.empty())
        return assertion_refusal{
            700213, "No matching federated identity record found for presented assertion subject."};
    // RFC 7515 section 4.1.11: who does not understand what is critical has to refuse.
    if (fields.contains("crit"))
        return assertion_refusal{50027, "Invalid JWT token. The header has extensions that are not known."};
    auto const algorithm = text_of(fields, "alg");
    if (algorithm != "PS256" && algorithm != "RS256")
        return unsigned_assertion("The algorithm is not supported.");
    auto const found = std::find_if(certificates_.begin(), certificates_.end(), [&](registered const& each) {
        return (x5t.empty() || each.x5t == x5t) && (x5t_s256.empty() || each.x5t_s256 == x5t_s256);
    });
    if (found == certificates_.end())
        return assertion_refusal{
            700027, "The certificate with identifier used to sign the client assertion is not registered on "
                    "application. [Reason - The key was not found.]"};
    if (found->until <= now.wall)
        return unsigned_assertion("The key used is expired.");
    auto const bytes = base64_decode(signature);
    if (!bytes || !verify(found->key.get(), algorithm == "PS256", signed_part, *bytes))
        return unsigned_assertion("The provided signature value did not match the expected one.");
    return std::nullopt;
}

std::optional<assertion_refusal> assertion_checker::check_claims(
    std::string_view payload, std::string_view client_id, std::string_view audience, instant now) {
    auto const claims = parse_object(payload);
    if (text_of(claims, "iss") != text_of(claims, "sub"))
        return assertion_refusal{50048, "Subject mismatches Issuer claim in the client assertion."};
    if (text_of(claims, "sub") != client_id)
        return assertion_refusal{
            700021, "Client assertion application identifier doesn't match 'client_id' parameter."};
    if (text_of(claims, "aud") != audience)
        return assertion_refusal{700023, "Client assertion audience claim does not match Realm issuer."};
    auto const begin = time_of(claims, "nbf");
    auto const end = time_of(claims, "exp");
    if (!end || *end <= now.wall - clock_tolerance || begin.has_value() != claims.contains("nbf") ||
        (begin && *begin > now.wall + clock_tolerance))
        return assertion_refusal{700024, "Client assertion is not within its valid time range."};
    auto const id = text_of(claims, "jti");
    if (id.empty() || !use(id, *end + clock_tolerance, now))
        return assertion_refusal{50013, "Assertion is invalid: it has no id, or one that was used before."};
    return std::nullopt;
}

bool assertion_checker::use(std::string const& id, std::chrono::system_clock::time_point until, instant now) {
    while (!used_until_.empty() && used_until_.begin()->first <= now.wall) {
        used_ids_.erase(used_until_.begin()->second);
        used_until_.erase(used_until_.begin());
    }
    auto const [at, is_new] = used_ids_.insert(id);
    if (is_new)
        used_until_.emplace(until, at);
    return is_new;
}

}
