#include "io/tls_engine.hpp"

#include <boost/asio/ssl/error.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>
#include <utility>

namespace allot {
namespace {

/// An error left on this thread by somebody else would be taken for one of ours.
void forget_old_errors() noexcept {
    if (ERR_peek_error() != 0)
        ERR_clear_error();
}

}

/// Lets OpenSSL read from and write to the engine's buffers directly.
struct tls_engine::bio_callbacks {
    static int read(BIO* bio, char* data, std::size_t size, std::size_t* done) noexcept {
        auto& engine = *static_cast<tls_engine*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        *done = std::min(size, engine.input_end_ - engine.input_begin_);
        if (*done == 0) {
            if (!engine.input_ended_)
                BIO_set_retry_read(bio);
            return 0;
        }
        std::memcpy(data, engine.buffers_->input.get() + engine.input_begin_, *done);
        engine.input_begin_ += *done;
        return 1;
    }

    static int write(BIO* bio, char const* data, std::size_t size, std::size_t* done) noexcept try {
        BIO_clear_retry_flags(bio);
        auto& output = static_cast<tls_engine*>(BIO_get_data(bio))->buffers().output;
        output.insert(output.end(), data, data + size);
        *done = size;
        return 1;
    } catch (std::bad_alloc const&) {
        return 0;
    }

    static long control(BIO* bio, int command, long, void*) noexcept {
        if (command == BIO_CTRL_EOF)
            return static_cast<tls_engine*>(BIO_get_data(bio))->input_ended_;
        return command == BIO_CTRL_FLUSH;
    }

    static BIO_METHOD* method() {
        struct deleter {
            void operator()(BIO_METHOD* value) const noexcept { BIO_meth_free(value); }
        };
        static std::unique_ptr<BIO_METHOD, deleter> const instance = [] {
            std::unique_ptr<BIO_METHOD, deleter> made(
                BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "allot buffers"));
            if (!made)
                throw std::bad_alloc();
            BIO_meth_set_read_ex(made.get(), read);
            BIO_meth_set_write_ex(made.get(), write);
            BIO_meth_set_ctrl(made.get(), control);
            return made;
        }();
        return instance.get();
    }
};

tls_engine::tls_engine(
    tls_context const& context, lending_stack<tls_buffers>& buffers, std::string const& host,
    tls_session const& resume) :
    host_(host),
    lender_(buffers),
    buffers_(nullptr, {&buffers}),
    ssl_(SSL_new(context.native())) {
    assert(!host.empty());
    auto* const ssl = ssl_.get();
    auto* const bio = BIO_new(bio_callbacks::method());
    if (!ssl || !bio) {
        BIO_free(bio);
        throw std::bad_alloc();
    }
    BIO_set_data(bio, this);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_app_data(ssl, &notes_);
    SSL_set_connect_state(ssl);

    auto* const rules = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(
        rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // An address is not sent as server name (RFC 6066 section 3).
    bool const is_address = X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1;
    // Without a name to verify, any certificate would do.
    if (!is_address &&
        (SSL_set1_host(ssl, host.c_str()) != 1 || SSL_set_tlsext_host_name(ssl, host.c_str()) != 1))
        throw std::bad_alloc();
    if (resume)
        SSL_set_session(ssl, resume.get());
    ERR_clear_error();
}

tls_engine::~tls_engine() {
    // OpenSSL would take an end without close_notify as a reason not to resume the session; since TLS 1.1 it
    // is none.
    if (secured_)
        SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN);
}

tls_buffers& tls_engine::buffers() {
    if (!buffers_)
        buffers_ = lender_.lend();
    return *buffers_;
}

void tls_engine::give_back_if_empty() noexcept {
    if (!buffers_ || !output().empty())
        return;
    buffers_->output.clear();
    output_begin_ = 0;
    if (input_begin_ != input_end_)
        return;
    input_begin_ = 0;
    input_end_ = 0;
    buffers_.reset();
}

std::span<char> tls_engine::input_room() {
    auto* const input = buffers().input.get();
    if (input_begin_ != 0) {
        std::memmove(input, input + input_begin_, input_end_ - input_begin_);
        input_end_ -= input_begin_;
        input_begin_ = 0;
    }
    return {input + input_end_, tls_buffers::input_capacity - input_end_};
}

void tls_engine::commit_input(std::size_t size) noexcept {
    assert(size <= tls_buffers::input_capacity - input_end_);
    input_end_ += size;
    give_back_if_empty();
}

void tls_engine::consume_output(std::size_t size) noexcept {
    assert(size <= output().size());
    output_begin_ += size;
    give_back_if_empty();
}

tls_status tls_engine::handshake() {
    if (status_ != tls_status::ok)
        return status_;
    forget_old_errors();
    auto* const ssl = ssl_.get();
    auto const status = conclude(SSL_do_handshake(ssl));
    // A session of TLS 1.2 serves many connections, one after the other; OpenSSL tells only the first of it.
    if (status == tls_status::ok && !secured_ && session_reused() && SSL_version(ssl) < TLS1_3_VERSION)
        notes_.newest_session.reset(SSL_get1_session(ssl));
    secured_ = status == tls_status::ok;
    return status;
}

tls_status tls_engine::read(std::span<char> room, std::size_t& size) {
    assert(secured_ && !room.empty());
    if (status_ != tls_status::ok)
        return status_;
    forget_old_errors();
    return conclude(SSL_read_ex(ssl_.get(), room.data(), room.size(), &size));
}

tls_status tls_engine::write(std::span<char const> plain) {
    assert(secured_);
    if (status_ != tls_status::ok)
        return status_;
    forget_old_errors();
    std::size_t size = 0;
    return conclude(SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &size));
}

void tls_engine::shutdown() noexcept {
    bool const told = (SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN) != 0;
    if (told || status_ == tls_status::truncated || status_ == tls_status::failed)
        return;
    SSL_shutdown(ssl_.get());
    forget_old_errors();
    give_back_if_empty();
}

tls_session tls_engine::take_session() noexcept {
    if (notes_.newest_session && !SSL_SESSION_is_resumable(notes_.newest_session.get()))
        notes_.newest_session.reset();
    return std::move(notes_.newest_session);
}

tls_status tls_engine::conclude(int returned) {
    give_back_if_empty();
    if (returned > 0)
        return tls_status::ok;
    auto const kind = SSL_get_error(ssl_.get(), returned);
    if (kind == SSL_ERROR_WANT_READ)
        return tls_status::need_input;
    if (kind == SSL_ERROR_ZERO_RETURN)
        return end(tls_status::closed, errc::connection_lost, "the peer closed the TLS connection");

    cause_ = take_openssl_error();
    auto const verdict = SSL_get_verify_result(ssl_.get());
    if (verdict != X509_V_OK) {
        auto text =
            "the certificate of " + host_ + " is not accepted: " + X509_verify_cert_error_string(verdict);
        if (!notes_.rejected_certificate.empty())
            text += " (" + notes_.rejected_certificate + ")";
        return end(tls_status::failed, errc::certificate_rejected, std::move(text));
    }
    if (cause_.category() == boost::asio::error::get_ssl_category() &&
        ERR_GET_REASON(static_cast<unsigned long>(cause_.value())) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return end(tls_status::truncated, errc::connection_lost, "the connection ended without close_notify");
    return end(tls_status::failed, errc::tls_failed, cause_.message());
}

tls_status tls_engine::end(tls_status status, errc code, std::string text) {
    status_ = status;
    code_ = code;
    error_text_ = std::move(text);
    return status;
}

}
