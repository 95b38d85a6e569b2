#pragma once

#include "protocol/gzip_decoder.hpp"
#include "protocol/wiped_buffer.hpp"

#include <allot/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace allot {

enum class read_status {
    more,   ///< the answer is not complete: read on
    done,   ///< the answer is complete and ended exactly where the bytes ended
    failed, ///< `error` and `reason` say why; the connection has to be closed
};

/// Which codings of its content (RFC 9110 section 8.4) an answer may have.
enum class content_coding {
    identity, ///< none
    gzip,     ///< none or gzip; "x-gzip" is the same
};

/// Reads answers to GET and POST from a byte stream, one after the other, in a buffer that it keeps.
/// Beast's parser does the syntax (RFC 9112); what it lets pass is refused here, because a client that frames
/// an answer otherwise than the server or a proxy meant it hands one caller's answer to another:
/// Transfer-Encoding that is not exactly "chunked" or comes with HTTP/1.0; obs-fold; chunk extensions over
/// 256 bytes; 101; a body on 1xx, 204 or 304; an answer delimited by the end of the stream; bytes after the
/// answer. Also refused: content codings that are not accepted, and several of them. gzip is decoded as it
/// comes, and the body limit is that of the content and of its encoded form both; see `gzip_decoder`. Interim
/// answers (1xx) are skipped. Trailers are checked and dropped. All limits hold before memory is taken. The
/// result does not depend on how the stream is cut into pieces. Lifetimes: views into the answer are valid
/// until the next `prepare`, `reset` or the end of the reader. The memory is wiped when it is given back,
/// because an answer may hold a token. Thread safety: distinct objects: safe; shared: unsafe.
class response_reader {
public:
    static constexpr std::size_t default_body_limit = 1024 * 1024;
    /// Status line, fields and trailers of one answer.
    static constexpr std::size_t field_limit = 32 * 1024;
    static constexpr int interim_limit = 8;

    explicit response_reader(
        std::size_t body_limit = default_body_limit, content_coding accepted = content_coding::identity);
    response_reader(response_reader const&) = delete;
    response_reader& operator=(response_reader const&) = delete;
    ~response_reader();

    /// Room for bytes of the stream, at least 4 KiB.
    std::span<char> prepare();

    /// Takes over the first `size` bytes of what `prepare` gave. After `done`, any byte makes it `failed`.
    read_status commit(std::size_t size);

    /// The stream ended, in order (`clean`) or not. An answer that is not complete fails either way with
    /// `errc::connection_lost`; a complete one stays, but the connection is not reusable.
    read_status end_of_stream(bool clean);

    /// Makes ready for the answer to the next request on the same connection.
    void reset() { reset(body_limit_, accepted_); }
    /// The same with another limit and other codings from now on.
    void reset(std::size_t body_limit, content_coding accepted);
    /// For a `lending_stack`: gives memory back that only a large answer needed. `reset` has to follow.
    void on_returned() noexcept {
        memory_.trim();
        decoder_.trim();
    }
    /// Makes ready for a proxy's answer to CONNECT (RFC 9110 section 9.3.6), which is `done` with the end of
    /// its fields, whatever they say of a body. What comes behind a 2xx is refused: it belongs to the tunnel,
    /// where the other end waits to be spoken to. What comes behind another status is not looked at. Never
    /// reusable.
    void reset_for_connect();

    /// Whether a byte of the answer, or of an interim one, has come.
    bool started() const noexcept { return size_ != 0 || interim_count_ != 0; }

    /// `errc::malformed_response`, `errc::response_too_large`, `errc::connection_lost`, or none.
    error_code const& error() const noexcept { return error_; }
    /// The rule that was broken, in a few words; static storage; empty when none was.
    std::string_view reason() const noexcept { return reason_; }

    /// Whether the connection can carry another request: the answer is `done`, and both version and
    /// Connection field say that it stays open.
    bool reusable() const noexcept;

    /// 0 until the fields are complete.
    int status() const noexcept { return fields_done_ ? code_ : 0; }
    /// Value of the first field of this name (any case), or empty.
    std::string_view field(std::string_view name) const noexcept;
    /// Calls `visit` with the value of each field of this name, in order.
    template <class Visit>
    void for_each_field(std::string_view name, Visit visit) const {
        for (auto at = find(name, 0); at != fields_.size(); at = find(name, at + 1))
            visit(value(at));
    }
    /// Calls `visit` with name and value of every field, in order.
    template <class Visit>
    void visit_fields(Visit visit) const {
        for (std::size_t at = 0; at != fields_.size(); ++at)
            visit(std::string_view(memory_.data() + fields_[at].name_at, fields_[at].name_size), value(at));
    }
    /// What has come of the content, decoded and without chunk framing.
    std::string_view body() const noexcept {
        return coded_ ? decoder_.content() : std::string_view(memory_.data() + body_begin_, body_size_);
    }

private:
    class parser;
    struct field_place {
        std::size_t name_at, name_size, value_at, value_size;
    };

    void start_message();
    void parse();
    void finish_part();
    void skip_interim();
    void close_gap();
    bool waits_for_chunk_header() const;
    void check_pending();
    void check_pending_fields();
    void check_pending_chunk_header();
    void check_field_size(std::size_t trailer_size);
    void fail(errc code, std::string_view reason);
    std::string_view unparsed() const noexcept { return {memory_.data() + parsed_, size_ - parsed_}; }
    std::size_t find(std::string_view name, std::size_t from) const noexcept;
    std::string_view value(std::size_t index) const noexcept;

    std::size_t body_limit_;
    content_coding accepted_;
    bool connect_ = false; ///< the answer is one to CONNECT
    std::unique_ptr<parser> parser_;

    // The bytes of one message: fields, then the body without chunk framing, then what is not parsed yet. A
    // body in gzip is not kept but decoded.
    wiped_buffer memory_;
    gzip_decoder decoder_;
    std::size_t size_ = 0;
    std::size_t parsed_ = 0;

    read_status state_ = read_status::more;
    error_code error_;
    std::string_view reason_;
    int interim_count_ = 0;
    bool ended_ = false;

    int code_ = 0;
    bool fields_done_ = false;
    std::vector<field_place> fields_;
    std::size_t checked_ = 0; ///< bytes of incomplete fields in which line ends were checked
    std::size_t fields_size_ = 0;
    std::size_t body_begin_ = 0;
    std::size_t body_size_ = 0;
    bool coded_ = false; ///< the content is in `decoder_`
    std::uint64_t chunk_left_ = 0;
    bool chunk_seen_ = false;
    std::size_t trailer_begin_ = 0;
};

}
