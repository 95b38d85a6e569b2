#include "io/credentials/jws.hpp"

#include "base/base64.hpp"
#include "base/freed_by.hpp"
#include "io/tls_context.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace allot {
namespace {

constexpr int pss_salt_bytes = 32;

bool set_padding(EVP_PKEY_CTX* settings, assertion_algorithm algorithm) {
    switch (algorithm) {
    case assertion_algorithm::ps256:
        return EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, pss_salt_bytes) == 1 &&
               EVP_PKEY_CTX_set_rsa_mgf1_md(settings, EVP_sha256()) == 1;
    case assertion_algorithm::rs256:
        return EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PADDING) == 1;
    }
    return false;
}

/// Empty when OpenSSL cannot.
std::string rsa_signature(EVP_PKEY* key, assertion_algorithm algorithm, std::string_view text) {
    std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>> const context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* settings = nullptr; // the context's own
    auto const* const bytes = reinterpret_cast<unsigned char const*>(text.data());
    std::size_t size = 0;
    if (!context || EVP_DigestSignInit(context.get(), &settings, EVP_sha256(), nullptr, key) != 1 ||
        !set_padding(settings, algorithm) ||
        EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1)
        return {};
    std::string out(size, '\0');
    auto* const place = reinterpret_cast<unsigned char*>(out.data());
    if (EVP_DigestSign(context.get(), place, &size, bytes, text.size()) != 1)
        return {};
    out.resize(size);
    return out;
}

}

result<secret>
sign_jws(EVP_PKEY* key, assertion_algorithm algorithm, std::string_view header, std::string_view payload) {
    auto const text = base64url_encode(header) + '.' + base64url_encode(payload);
    auto signature = rsa_signature(key, algorithm, text);
    if (signature.empty()) {
        failure made;
        made.code = errc::token_unavailable;
        made.cause = take_openssl_error();
        made.message = "the client assertion cannot be signed: " + made.cause.message();
        return made;
    }
    auto encoded = base64url_encode(signature);
    wipe(signature);
    // Room for all, so that no copy is left behind by growing.
    std::string out;
    out.reserve(text.size() + 1 + encoded.size());
    out.append(text).append(1, '.').append(encoded);
    wipe(encoded);
    return secret(std::move(out));
}

}
