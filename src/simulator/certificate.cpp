#include "simulator/certificate.hpp"

#include "base/freed_by.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace allot::simulation {
namespace {

constexpr long day_s = 86'400;

using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using number_ptr = std::unique_ptr<BIGNUM, freed_by<BN_free>>;

void require(bool done, char const* what) {
    if (done)
        return;
    char reason[256] = "unknown reason";
    if (auto const code = ERR_get_error(); code != 0)
        ERR_error_string_n(code, reason, sizeof reason);
    throw std::runtime_error(std::string("OpenSSL cannot ") + what + ": " + reason);
}

key_ptr make_key() {
    key_ptr out(EVP_EC_gen("P-256"));
    require(out != nullptr, "make a key");
    return out;
}

void set_serial(X509* certificate) {
    constexpr int bits = 127;
    number_ptr const serial(BN_new());
    require(
        serial && BN_rand(serial.get(), bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
            BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr,
        "set a serial number");
}

void add_extension(X509* certificate, X509* issuer, int id, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    extension_ptr const extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "add a certificate extension");
}

certificate_ptr begin_certificate(EVP_PKEY* key, char const* common_name) {
    certificate_ptr out(X509_new());
    require(out != nullptr, "make a certificate");
    auto* const name = X509_get_subject_name(out.get());
    require(
        X509_set_version(out.get(), X509_VERSION_3) == 1 && X509_set_pubkey(out.get(), key) == 1 &&
            X509_gmtime_adj(X509_getm_notBefore(out.get()), -day_s) != nullptr &&
            X509_gmtime_adj(X509_getm_notAfter(out.get()), 90 * day_s) != nullptr &&
            X509_NAME_add_entry_by_txt(
                name, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>(common_name), -1, -1, 0) ==
                1,
        "fill a certificate");
    set_serial(out.get());
    return out;
}

certificate_ptr make_authority(EVP_PKEY* key) {
    auto out = begin_certificate(key, "allot simulator throw-away CA");
    auto* const self = out.get();
    require(X509_set_issuer_name(self, X509_get_subject_name(self)) == 1, "name an issuer");
    add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(self, self, NID_subject_key_identifier, "hash");
    add_extension(self, self, NID_authority_key_identifier, "keyid:always");
    require(X509_sign(self, key, EVP_sha256()) != 0, "sign a certificate");
    return out;
}

certificate_ptr
make_server(EVP_PKEY* key, X509* authority, EVP_PKEY* authority_key, std::vector<std::string> const& names) {
    std::string alternatives;
    for (auto const& each : names) {
        boost::system::error_code not_address;
        boost::asio::ip::make_address(each, not_address);
        alternatives += alternatives.empty() ? "" : ",";
        alternatives += (not_address ? "DNS:" : "IP:") + each;
    }
    auto out = begin_certificate(key, "allot simulator");
    auto* const self = out.get();
    require(X509_set_issuer_name(self, X509_get_subject_name(authority)) == 1, "name an issuer");
    add_extension(self, authority, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(self, authority, NID_key_usage, "critical,digitalSignature");
    add_extension(self, authority, NID_ext_key_usage, "serverAuth");
    add_extension(self, authority, NID_subject_key_identifier, "hash");
    add_extension(self, authority, NID_authority_key_identifier, "keyid:always");
    add_extension(self, authority, NID_subject_alt_name, alternatives);
    require(X509_sign(self, authority_key, EVP_sha256()) != 0, "sign a certificate");
    return out;
}

std::string to_pem(X509* certificate) {
    bio_ptr const out(BIO_new(BIO_s_mem()));
    require(out && PEM_write_bio_X509(out.get(), certificate) == 1, "write a certificate");
    char* text = nullptr;
    auto const size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

int select_protocol(
    SSL*, unsigned char const** out, unsigned char* size, unsigned char const* offered, unsigned offered_size,
    void*) {
    static constexpr unsigned char http[] = "\x08http/1.1";
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, size, http, sizeof http - 1, offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

}

void ssl_context_deleter::operator()(SSL_CTX* value) const noexcept {
    SSL_CTX_free(value);
}

server_identity make_server_identity(std::vector<std::string> const& names) {
    auto const authority_key = make_key();
    auto const authority = make_authority(authority_key.get());
    auto const key = make_key();
    auto const certificate = make_server(key.get(), authority.get(), authority_key.get(), names);

    ssl_context context(SSL_CTX_new(TLS_server_method()));
    static constexpr unsigned char session_scope[] = "allot simulator";
    require(
        context && SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1 &&
            SSL_CTX_use_certificate(context.get(), certificate.get()) == 1 &&
            SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1 &&
            SSL_CTX_set_session_id_context(context.get(), session_scope, sizeof session_scope - 1) == 1,
        "make a TLS context");
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_alpn_select_cb(context.get(), select_protocol, nullptr);
    return {std::move(context), to_pem(authority.get())};
}

}
