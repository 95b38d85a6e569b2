#pragma once

#include "support/test_ca.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// Certificates that clients prove themselves with, and the forms their files have.
namespace allot::test {

/// Two different ones with RSA keys of 2048 bits; made once, because keys take time.
inline certificate const& client_certificate_of(unsigned which = 0) {
    static certificate const made[] = {
        test_ca::self_signed({.common_name = "client", .key = key_kind::rsa_2048}),
        test_ca::self_signed({.common_name = "renewed client", .key = key_kind::rsa_2048})};
    return made[which];
}

inline std::string written(std::function<bool(BIO*)> const& write) {
    std::unique_ptr<BIO, decltype(&BIO_free)> const out(BIO_new(BIO_s_mem()), &BIO_free);
    must(write(out.get()), "writing to memory");
    char* text = nullptr;
    auto const size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

inline std::string pem_of(X509* x509) {
    return written([x509](BIO* out) { return PEM_write_bio_X509(out, x509) == 1; });
}

/// PKCS#8, encrypted by AES-256 when there is a passphrase.
inline std::string pkcs8_of(EVP_PKEY* key, std::string const& passphrase = {}) {
    return written([&](BIO* out) {
        auto const* const cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
        return PEM_write_bio_PKCS8PrivateKey(
                   out, key, cipher, passphrase.data(), static_cast<int>(passphrase.size()), nullptr,
                   nullptr) == 1;
    });
}

/// PKCS#1 or SEC 1, encrypted as RFC 1421 says when there is a passphrase.
inline std::string traditional_of(EVP_PKEY* key, std::string const& passphrase = {}) {
    return written([&](BIO* out) {
        auto const* const cipher = passphrase.empty() ? nullptr : EVP_aes_128_cbc();
        auto const* const text = reinterpret_cast<unsigned char const*>(passphrase.data());
        return PEM_write_bio_PrivateKey_traditional(
                   out, key, cipher, text, static_cast<int>(passphrase.size()), nullptr, nullptr) == 1;
    });
}

inline std::string der_of(PKCS12* made) {
    std::unique_ptr<PKCS12, decltype(&PKCS12_free)> const owned(made, &PKCS12_free);
    must(made != nullptr, "making PKCS#12");
    return written([made](BIO* out) { return i2d_PKCS12_bio(out, made) == 1; });
}

inline std::string pkcs12_of(
    certificate const& from, std::string const& passphrase, EVP_PKEY* key,
    STACK_OF(X509) * others = nullptr) {
    return der_of(PKCS12_create(
        passphrase.c_str(), "client", key, from.x509.get(), others, NID_aes_256_cbc, NID_aes_256_cbc, 0, 0,
        0));
}

inline std::string write_file(std::filesystem::path const& path, std::string_view content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    return path.string();
}

}
