#pragma once

#include "base/lending_stack.hpp"
#include "io/tls_context.hpp"

#include <allot/error.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace allot {

enum class tls_status {
    ok,
    need_input, ///< all input is used up: flush the output, then feed more
    closed,     ///< the peer ended it with close_notify
    truncated,  ///< the input ended without close_notify
    failed,
};

/// Where the bytes of a connection are between OpenSSL and the socket.
struct tls_buffers {
    /// One record of the largest size (RFC 8446 section 5.2).
    static constexpr std::size_t input_capacity = 5 + 16 * 1024 + 256;
    static constexpr std::size_t usual_output = 4 * 1024;

    tls_buffers() { output.reserve(usual_output); }
    void on_returned() noexcept { output.clear(); }

    std::unique_ptr<char[]> input{new char[input_capacity]};
    std::vector<char> output;
};

/// The client's end of one TLS connection, between two byte buffers: no socket, no waiting.
/// After each call the driver sends `output()`, even after a failure: it may hold an alert for the peer.
/// Every status but `ok` and `need_input` is final. It has buffers only while there are bytes in them.
/// Lifetimes: shares the context; `buffers` outlives it. Thread safety: that of `buffers`.
class tls_engine {
public:
    /// `host` is the name (or the IPv4 or IPv6 address, without brackets) that the certificate has to hold as
    /// a subject alternative name; the subject's common name never counts. `resume` may be null.
    /// Preconditions: `host` is one of an `origin`.
    tls_engine(
        tls_context const& context, lending_stack<tls_buffers>& buffers, std::string const& host,
        tls_session const& resume);
    tls_engine(tls_engine const&) = delete;
    tls_engine& operator=(tls_engine const&) = delete;
    ~tls_engine();

    /// Room for bytes from the peer, until `commit_input`, which has to follow; never empty after
    /// `need_input`.
    std::span<char> input_room();
    /// So many have come there, if any.
    void commit_input(std::size_t size) noexcept;
    /// No more bytes will come.
    void end_input() noexcept { input_ended_ = true; }

    /// Bytes for the peer; valid until the next call, or until all are consumed.
    std::span<char const> output() const noexcept {
        return buffers_ ? std::span<char const>(buffers_->output).subspan(output_begin_)
                        : std::span<char const>();
    }
    void consume_output(std::size_t size) noexcept;

    /// `ok` once the peer's certificate is verified and the connection is secured.
    tls_status handshake();

    /// Puts plain bytes into `room` and their number, at least 1, into `size`. Before it asks for input it
    /// also takes in what comes between requests, such as sessions. Preconditions: `handshake` answered `ok`;
    /// `room` is not empty.
    tls_status read(std::span<char> room, std::size_t& size);

    /// Encrypts all of `plain` into the output.
    /// Preconditions: `handshake` answered `ok`: nothing is sent to a peer that is not verified.
    tls_status write(std::span<char const> plain);

    /// Whether bytes have come that `read` has not looked at yet.
    bool has_input() const noexcept {
        return input_begin_ != input_end_ || input_ended_ || SSL_has_pending(ssl_.get()) == 1;
    }

    /// Tells the peer that no more follows, once there is a connection to end.
    void shutdown() noexcept;

    /// `errc::certificate_rejected`, `errc::tls_failed` or `errc::connection_lost`; none before the end.
    error_code const& code() const noexcept { return code_; }
    /// OpenSSL's own code, or none.
    error_code const& cause() const noexcept { return cause_; }
    /// Why it ended, for people: OpenSSL's reason and, for a certificate, whose it is.
    std::string const& error_text() const noexcept { return error_text_; }

    /// "TLSv1.3". Lifetimes: static.
    char const* version() const noexcept { return SSL_get_version(ssl_.get()); }
    bool session_reused() const noexcept { return SSL_session_reused(ssl_.get()) == 1; }
    /// The newest session of this connection that can be resumed and was not taken yet, or null. With TLS 1.3
    /// they come after the handshake, with `read`; with TLS 1.2 it may be the one that was resumed.
    tls_session take_session() noexcept;

private:
    struct ssl_deleter {
        void operator()(SSL* value) const noexcept { SSL_free(value); }
    };
    struct bio_callbacks;

    tls_buffers& buffers();
    void give_back_if_empty() noexcept;
    tls_status conclude(int returned);
    tls_status end(tls_status status, errc code, std::string text);

    tls_notes notes_;
    std::string host_;
    lending_stack<tls_buffers>& lender_;
    lending_stack<tls_buffers>::loan buffers_; ///< or none
    std::size_t input_begin_ = 0;
    std::size_t input_end_ = 0;
    bool input_ended_ = false;
    bool secured_ = false;
    std::size_t output_begin_ = 0;
    tls_status status_ = tls_status::ok; ///< the final one, if reached
    error_code code_;
    error_code cause_;
    std::string error_text_;
    std::unique_ptr<SSL, ssl_deleter> ssl_;
};

}
