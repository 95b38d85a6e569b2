#include "simulator/tls_session.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <new>

namespace allot::simulation {

void tls_session::deleter::operator()(SSL* value) const noexcept {
    SSL_free(value);
}

tls_session::tls_session(SSL_CTX* context) :
    ssl_(SSL_new(context)),
    in_(BIO_new(BIO_s_mem())),
    out_(BIO_new(BIO_s_mem())) {
    if (!ssl_ || in_ == nullptr || out_ == nullptr) {
        BIO_free(in_);
        BIO_free(out_);
        throw std::bad_alloc();
    }
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_accept_state(ssl_.get());
}

void tls_session::feed(std::span<char const> ciphertext) {
    BIO_write(in_, ciphertext.data(), static_cast<int>(ciphertext.size()));
}

tls_session::progress tls_session::read(std::span<char> plaintext) {
    ERR_clear_error();
    std::size_t size = 0;
    auto const result = SSL_read_ex(ssl_.get(), plaintext.data(), plaintext.size(), &size);
    if (result == 1)
        return {status::ready, size};
    switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
        return {status::more};
    case SSL_ERROR_ZERO_RETURN:
        return {status::ended};
    default:
        return {status::failed};
    }
}

bool tls_session::write(std::string_view plaintext) {
    if (!established())
        return false;
    if (plaintext.empty())
        return true;
    ERR_clear_error();
    std::size_t size = 0;
    return SSL_write_ex(ssl_.get(), plaintext.data(), plaintext.size(), &size) == 1;
}

void tls_session::close_notify() {
    if (established())
        SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

std::span<char const> tls_session::outgoing() const {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(out_, &data);
    return {data, static_cast<std::size_t>(size)};
}

void tls_session::sent() {
    BIO_reset(out_);
}

bool tls_session::established() const noexcept {
    return SSL_is_init_finished(ssl_.get()) == 1;
}

bool tls_session::resumed() const noexcept {
    return SSL_session_reused(ssl_.get()) == 1;
}

}
