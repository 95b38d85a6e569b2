#pragma once

#include "base/base64.hpp"
#include "support/test_ca.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>

/// RS256 and PS256 by other means than those that are tested.
namespace allot::test {

using digest_context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

/// The salt has exactly 32 bytes with `pss`.
inline bool verifies(EVP_PKEY* key, bool pss, std::string_view signed_part, std::string_view signature) {
    digest_context const context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_PKEY_CTX* settings = nullptr;
    must(
        EVP_DigestVerifyInit(context.get(), &settings, EVP_sha256(), nullptr, key) == 1,
        "starting to verify");
    if (pss)
        must(
            EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, 32) == 1,
            "setting the padding");
    bool const good =
        EVP_DigestVerify(
            context.get(), reinterpret_cast<unsigned char const*>(signature.data()), signature.size(),
            reinterpret_cast<unsigned char const*>(signed_part.data()), signed_part.size()) == 1;
    ERR_clear_error();
    return good;
}

inline std::string
signed_jwt(EVP_PKEY* key, bool pss, std::string const& header, std::string const& payload) {
    auto const text = base64url_encode(header) + '.' + base64url_encode(payload);
    digest_context const context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_PKEY_CTX* settings = nullptr;
    must(EVP_DigestSignInit(context.get(), &settings, EVP_sha256(), nullptr, key) == 1, "starting to sign");
    if (pss)
        must(
            EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) == 1,
            "setting the padding");
    unsigned char signature[1024];
    std::size_t size = sizeof signature;
    must(
        EVP_DigestSign(
            context.get(), signature, &size, reinterpret_cast<unsigned char const*>(text.data()),
            text.size()) == 1,
        "signing");
    return text + '.' + base64url_encode({reinterpret_cast<char const*>(signature), size});
}

}
