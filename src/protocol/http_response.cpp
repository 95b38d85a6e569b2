#include "protocol/http_response.hpp"

#include "protocol/response_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <cassert>
#include <cstring>

namespace allot {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::size_t least_room = 4 * 1024;

constexpr std::string_view too_many_fields = "status line, fields and trailers exceed 32 KiB";
constexpr std::string_view bad_line_end = "a line does not end with CR LF, or holds CR, LF or NUL";
constexpr std::string_view surplus_bytes = "bytes after the end of the answer";
constexpr std::string_view bad_chunk_header = "a chunk header is not a hexadecimal size and extensions";

/// The rule of HTTP/1.1 behind an error of Beast's parser.
std::string_view rule(error_code const& error) {
    switch (static_cast<http::error>(error.value())) {
    case http::error::bad_version:
        return "the status line does not begin with HTTP/1.1 or HTTP/1.0";
    case http::error::bad_status:
        return "the status is not three digits";
    case http::error::bad_line_ending:
    case http::error::bad_reason:
    case http::error::bad_value:
        return bad_line_end;
    case http::error::bad_field:
        return "a field name holds characters that are not allowed, or none";
    case http::error::bad_content_length:
        return "Content-Length is no number, or comes with Transfer-Encoding";
    case http::error::multiple_content_length:
        return "Content-Length has several values";
    case http::error::bad_transfer_encoding:
        return "Transfer-Encoding comes twice or with Content-Length";
    case http::error::bad_chunk:
    case http::error::bad_chunk_extension:
        return bad_chunk_header;
    default:
        return "not an HTTP/1.1 answer";
    }
}

}

response_reader::response_reader(std::size_t body_limit, content_coding accepted) :
    body_limit_(body_limit),
    accepted_(accepted),
    parser_(std::make_unique<parser>(*this)) {
    decoder_.reset(body_limit);
}

response_reader::~response_reader() = default;

std::span<char> response_reader::prepare() {
    if (memory_.capacity() - size_ < least_room)
        memory_.grow(size_);
    return {memory_.data() + size_, memory_.capacity() - size_};
}

void response_reader::reset(std::size_t body_limit, content_coding accepted) {
    connect_ = false;
    body_limit_ = body_limit;
    accepted_ = accepted;
    memory_.trim();
    decoder_.reset(body_limit);
    size_ = 0;
    state_ = read_status::more;
    error_ = {};
    reason_ = {};
    interim_count_ = 0;
    ended_ = false;
    start_message();
}

void response_reader::reset_for_connect() {
    reset();
    connect_ = true;
    start_message();
}

void response_reader::start_message() {
    parser_->restart();
    parsed_ = 0;
    code_ = 0;
    fields_done_ = false;
    fields_.clear();
    checked_ = 0;
    fields_size_ = 0;
    body_begin_ = 0;
    body_size_ = 0;
    coded_ = false;
    chunk_left_ = 0;
    chunk_seen_ = false;
    trailer_begin_ = 0;
}

read_status response_reader::commit(std::size_t size) {
    assert(size <= memory_.capacity() - size_);
    size_ += size;
    if (state_ == read_status::done && size != 0)
        fail(errc::malformed_response, surplus_bytes);
    if (state_ == read_status::more)
        parse();
    return state_;
}

read_status response_reader::end_of_stream(bool clean) {
    ended_ = true;
    if (state_ == read_status::more) {
        if (!started())
            fail(errc::connection_lost, "the connection ended before the answer began");
        else if (clean)
            fail(errc::connection_lost, "the connection was closed in the middle of the answer");
        else
            fail(errc::connection_lost, "the connection broke in the middle of the answer");
    }
    return state_;
}

bool response_reader::reusable() const noexcept {
    return state_ == read_status::done && !ended_ && !connect_ && parser_->keep_alive();
}

void response_reader::parse() {
    while (state_ == read_status::more && parsed_ != size_) {
        auto const rest = unparsed();
        // No end of a chunked body is shorter, and Beast 1.81 asserts that it sees that much of it.
        if (waits_for_chunk_header() && rest.size() < std::string_view("0\r\n\r\n").size())
            break;
        error_code error;
        parsed_ += parser_->put(boost::asio::const_buffer(rest.data(), rest.size()), error);
        if (state_ == read_status::failed)
            break;
        if (!error) {
            finish_part();
        } else if (error == http::error::need_more) {
            check_pending();
            break;
        } else if (error == http::error::header_limit) {
            fail(errc::response_too_large, too_many_fields);
        } else if (error == http::error::body_limit) {
            fail(errc::response_too_large, "the body exceeds its limit");
        } else {
            fail(errc::malformed_response, rule(error));
        }
    }
    if (state_ == read_status::more && fields_done_ && (coded_ || parser_->chunked()))
        close_gap();
}

void response_reader::finish_part() {
    if (!fields_done_) {
        fields_size_ = parsed_;
        body_begin_ = parsed_;
        check_field_size(0);
        fields_done_ = state_ != read_status::failed;
    }
    if (!fields_done_ || !parser_->is_done())
        return;
    if (parser_->chunked() && !connect_)
        check_field_size(parsed_ - trailer_begin_);
    if (state_ == read_status::failed)
        return;
    bool const body_ignored = connect_ && code_ / 100 != 2;
    if (code_ / 100 == 1)
        skip_interim();
    else if (parsed_ != size_ && !body_ignored)
        fail(errc::malformed_response, surplus_bytes);
    else
        state_ = read_status::done;
}

void response_reader::skip_interim() {
    if (++interim_count_ > interim_limit)
        return fail(errc::response_too_large, "more than 8 interim answers (1xx)");
    auto const rest = unparsed();
    std::memmove(memory_.data(), rest.data(), rest.size());
    size_ = rest.size();
    start_message();
}

void response_reader::close_gap() {
    auto const rest = unparsed();
    auto const end = body_begin_ + body_size_;
    std::memmove(memory_.data() + end, rest.data(), rest.size());
    parsed_ = end;
    size_ = end + rest.size();
}

bool response_reader::waits_for_chunk_header() const {
    return fields_done_ && parser_->chunked() && chunk_left_ == 0;
}

void response_reader::check_pending() {
    if (!fields_done_)
        check_pending_fields();
    else if (waits_for_chunk_header())
        check_pending_chunk_header();
}

/// Beast looks at fields that come in pieces only when it has found their end. What can have none, or shows
/// early that this is not HTTP, need not be waited for.
void response_reader::check_pending_fields() {
    constexpr std::string_view start = "HTTP/1.";
    std::string_view const seen(memory_.data(), size_);
    if (!start.starts_with(seen.substr(0, start.size())))
        return fail(errc::malformed_response, rule(http::error::bad_version));
    for (; checked_ != size_; ++checked_) {
        auto const byte = seen[checked_];
        if (byte == '\r' && checked_ + 1 == size_)
            break;
        bool const bad =
            byte == '\r' ? seen[checked_ + 1] != '\n'
                         : byte == '\0' || (byte == '\n' && (checked_ == 0 || seen[checked_ - 1] != '\r'));
        if (bad)
            return fail(errc::malformed_response, bad_line_end);
    }
    if (size_ >= field_limit)
        fail(errc::response_too_large, too_many_fields);
}

/// Beast waits without a limit for the end of a chunk header, or of the trailers after the last one.
void response_reader::check_pending_chunk_header() {
    auto const line = unparsed().substr(chunk_seen_ ? 2 : 0);
    auto const end = line.find("\r\n");
    if (end == line.npos) {
        if (line.size() > parser::chunk_size_digits + parser::chunk_extension_limit + 1)
            fail(errc::malformed_response, parser::long_chunk_header);
    } else if (line.find_first_not_of('0') != line.find_first_not_of("0123456789abcdefABCDEF")) {
        // The line is complete, no last chunk, and yet not taken: a quoted extension runs across its end.
        fail(errc::malformed_response, bad_chunk_header);
    } else {
        check_field_size(line.size() - end - 2);
    }
}

void response_reader::check_field_size(std::size_t trailer_size) {
    if (fields_size_ + trailer_size > field_limit)
        fail(errc::response_too_large, too_many_fields);
}

void response_reader::fail(errc code, std::string_view reason) {
    state_ = read_status::failed;
    error_ = code;
    reason_ = reason;
}

std::size_t response_reader::find(std::string_view name, std::size_t from) const noexcept {
    for (; from < fields_.size(); ++from)
        if (beast::iequals(name, {memory_.data() + fields_[from].name_at, fields_[from].name_size}))
            break;
    return from;
}

std::string_view response_reader::value(std::size_t index) const noexcept {
    return {memory_.data() + fields_[index].value_at, fields_[index].value_size};
}

std::string_view response_reader::field(std::string_view name) const noexcept {
    auto const at = find(name, 0);
    return at == fields_.size() ? std::string_view() : value(at);
}

}
