#include "io/tls_context.hpp"

#include "io/tls_key_log.hpp"

#include <boost/asio/ssl/error.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstddef>
#include <new>

namespace allot {
namespace {

tls_notes& notes_of(SSL const* ssl) {
    return *static_cast<tls_notes*>(SSL_get_app_data(ssl));
}

int keep_session(SSL* ssl, SSL_SESSION* session) noexcept {
    notes_of(ssl).newest_session.reset(session);
    return 1;
}

/// One name in a line; what could steer a terminal is escaped.
std::string to_text(X509_NAME const* name) {
    constexpr std::size_t longest = 200;
    std::unique_ptr<BIO, decltype(&BIO_free)> const out(BIO_new(BIO_s_mem()), &BIO_free);
    if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_ONELINE) < 0)
        return "?";
    char* text = nullptr;
    auto const size = static_cast<std::size_t>(BIO_get_mem_data(out.get(), &text));
    return std::string(text, std::min(size, longest)) + (size > longest ? "..." : "");
}

int note_rejected(int accepted, X509_STORE_CTX* verification) noexcept {
    auto const* const certificate = X509_STORE_CTX_get_current_cert(verification);
    if (!accepted && certificate) {
        auto const* const ssl = static_cast<SSL const*>(
            X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
        notes_of(ssl).rejected_certificate = "subject " + to_text(X509_get_subject_name(certificate)) +
                                             ", issuer " + to_text(X509_get_issuer_name(certificate));
    }
    return accepted;
}

}

bool is_usable(tls_session const& session, std::chrono::system_clock::time_point now) noexcept {
    auto seconds = std::chrono::system_clock::to_time_t(now);
    auto* const value = session.get();
    if (!value || !SSL_SESSION_is_resumable(value))
        return false;
    if (seconds - SSL_SESSION_get_time(value) >= SSL_SESSION_get_timeout(value))
        return false;
    auto const* const certificate = SSL_SESSION_get0_peer(value);
    return certificate && X509_cmp_time(X509_get0_notAfter(certificate), &seconds) > 0;
}

error_code take_openssl_error() noexcept {
    unsigned long chosen = 0;
    while (auto const error = ERR_get_error())
        if (chosen == 0 || (ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_LIB(chosen) != ERR_LIB_SSL))
            chosen = error;
    if (ERR_SYSTEM_ERROR(chosen))
        return {ERR_GET_REASON(chosen), boost::system::system_category()};
    return {static_cast<int>(chosen), boost::asio::error::get_ssl_category()};
}

tls_context::tls_context() : context_(SSL_CTX_new(TLS_client_method())) {
    auto* const context = context_.get();
    if (!context)
        throw std::bad_alloc();
    // OpenSSL's configuration file has been applied by now: its stricter values stay.
    if (SSL_CTX_get_min_proto_version(context) < TLS1_2_VERSION)
        SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    if (SSL_CTX_get_security_level(context) < 2)
        SSL_CTX_set_security_level(context, 2);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_clear_options(
        context, SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION | SSL_OP_LEGACY_SERVER_CONNECT |
                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, note_rejected);
    auto* const rules = SSL_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT);
    X509_VERIFY_PARAM_clear_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);

    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, keep_session);

    log_tls_keys(context);

    // Speed over memory: buffers stay, and a record is read in one piece.
    SSL_CTX_clear_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1);
}

result<std::shared_ptr<tls_context const>>
tls_context::make_client(std::string const& ca_file, tls_answers answers) {
    std::shared_ptr<tls_context const> const out(new tls_context);
    // OpenSSL decrypts in place, in memory that it gives back as it is.
    if (answers == tls_answers::secret)
        SSL_CTX_set_options(out->native(), SSL_OP_CLEANSE_PLAINTEXT);
    auto const loaded = ca_file.empty() ? SSL_CTX_set_default_verify_paths(out->native())
                                        : SSL_CTX_load_verify_file(out->native(), ca_file.c_str());
    auto const cause = take_openssl_error();
    if (loaded == 1)
        return out;
    failure failed;
    failed.code = errc::invalid_params;
    failed.cause = cause;
    failed.message = "ca_file \"" + ca_file + "\": " + cause.message() +
                     "; name a PEM file that holds at least one certificate";
    return failed;
}

}
