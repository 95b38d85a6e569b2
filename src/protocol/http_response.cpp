#include "protocol/http_response.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <functional>
#include <string.h>
#include <utility>

namespace allot {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::size_t least_room = 4 * 1024;
constexpr std::size_t first_capacity = 8 * 1024;
/// A larger buffer goes back after the answer that needed it: a pool of connections would keep as many.
constexpr std::size_t kept_capacity = 64 * 1024;

constexpr std::size_t chunk_extension_limit = 256;
constexpr std::size_t chunk_size_digits = 16;

constexpr std::string_view too_many_fields = "status line, fields and trailers exceed 32 KiB";
constexpr std::string_view bad_line_end = "a line does not end with CR LF, or holds CR, LF or NUL";
constexpr std::string_view long_chunk_header =
    "a chunk size over 16 digits, or chunk extensions over 256 bytes";
constexpr std::string_view surplus_bytes = "bytes after the end of the answer";
constexpr std::string_view bad_chunk_header = "a chunk header is not a hexadecimal size and extensions";

bool has_no_body(int status) {
    return status / 100 == 1 || status == 204 || status == 304;
}

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

/// Beast's parser with the rules on top of it; its results go into the reader.
class response_reader::parser final : public http::basic_parser<false> {
public:
    explicit parser(response_reader& reader) : reader_(reader) {
        header_limit(field_limit);
        body_limit(reader.body_limit_);
    }

    void restart() {
        basic_parser::operator=(parser(reader_));
        version_ = 0;
        transfer_encodings_ = 0;
        exactly_chunked_ = false;
        other_content_coding_ = false;
    }

private:
    using error = boost::system::error_code;

    void refuse(error& out, std::string_view reason) {
        reader_.fail(errc::malformed_response, reason);
        out = http::error::bad_value;
    }

    void on_request_impl(http::verb, beast::string_view, beast::string_view, int, error&) override {}

    void on_response_impl(int code, beast::string_view, int version, error& out) override {
        if (code < 100 || code > 599)
            return refuse(out, "the status is not in 100 to 599");
        if (code == 101)
            return refuse(out, "101 switches protocols, which was not asked for");
        reader_.code_ = code;
        version_ = version;
    }

    void
    on_field_impl(http::field id, beast::string_view name, beast::string_view value, error& out) override {
        if (is_folded(name, value))
            return refuse(out, "a field continues on the next line (obs-fold)");
        if (reader_.fields_done_)
            return;
        if (id == http::field::transfer_encoding) {
            ++transfer_encodings_;
            exactly_chunked_ = beast::iequals(value, "chunked");
        }
        if (id == http::field::content_encoding && !value.empty() && !beast::iequals(value, "identity"))
            other_content_coding_ = true;
        auto const place = [this](char const* at) {
            return static_cast<std::size_t>(at - reader_.memory_.get());
        };
        reader_.fields_.push_back({place(name.data()), name.size(), place(value.data()), value.size()});
    }

    void on_header_impl(error& out) override {
        if (transfer_encodings_ != 0 && version_ < 11)
            return refuse(out, "Transfer-Encoding with HTTP/1.0");
        if (transfer_encodings_ > 1 || (transfer_encodings_ == 1 && !exactly_chunked_))
            return refuse(out, "Transfer-Encoding is not exactly \"chunked\"");
        if (has_no_body(reader_.code_)) {
            if (transfer_encodings_ != 0 || content_length().value_or(0) != 0)
                return refuse(out, "a body on 1xx, 204 or 304");
            return;
        }
        if (need_eof())
            return refuse(out, "neither Content-Length nor Transfer-Encoding delimits the body");
        if (other_content_coding_)
            return refuse(out, "Content-Encoding is not \"identity\", and no other was asked for");
    }

    void on_body_init_impl(boost::optional<std::uint64_t> const&, error&) override {}

    std::size_t on_body_impl(beast::string_view piece, error&) override {
        reader_.body_size_ += piece.size();
        return piece.size();
    }

    void on_chunk_header_impl(std::uint64_t size, beast::string_view extensions, error& out) override {
        auto const line = reader_.unparsed().data() + (reader_.chunk_seen_ ? 2 : 0);
        auto const digits = static_cast<std::size_t>(extensions.data() - line);
        if (digits > chunk_size_digits || extensions.size() > chunk_extension_limit)
            return refuse(out, long_chunk_header);
        reader_.chunk_seen_ = true;
        reader_.chunk_left_ = size;
        reader_.trailer_begin_ = static_cast<std::size_t>(extensions.end() - reader_.memory_.get()) + 2;
    }

    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece, error&) override {
        std::memmove(
            reader_.memory_.get() + reader_.body_begin_ + reader_.body_size_, piece.data(), piece.size());
        reader_.body_size_ += piece.size();
        reader_.chunk_left_ -= piece.size();
        return piece.size();
    }

    void on_finish_impl(error&) override {}

    /// Beast hands a folded value over joined, in memory of its own, unless its first lines are blank.
    bool is_folded(beast::string_view name, beast::string_view value) const {
        auto const* const begin = reader_.memory_.get();
        std::less<> const before;
        if (before(value.data(), begin) || before(begin + reader_.size_, value.data()))
            return true;
        return std::find(name.end(), value.begin(), '\r') != value.begin();
    }

    response_reader& reader_;
    int version_ = 0;
    int transfer_encodings_ = 0;
    bool exactly_chunked_ = false;
    bool other_content_coding_ = false;
};

response_reader::response_reader(std::size_t body_limit) :
    body_limit_(body_limit),
    parser_(std::make_unique<parser>(*this)) {}

response_reader::~response_reader() {
    wipe();
}

void response_reader::wipe() noexcept {
    if (memory_)
        explicit_bzero(memory_.get(), capacity_);
}

std::span<char> response_reader::prepare() {
    if (capacity_ - size_ < least_room)
        grow();
    return {memory_.get() + size_, capacity_ - size_};
}

void response_reader::grow() {
    auto const capacity = std::max(first_capacity, capacity_ * 2);
    std::unique_ptr<char[]> memory(new char[capacity]);
    if (size_ != 0)
        std::memcpy(memory.get(), memory_.get(), size_);
    wipe();
    memory_ = std::move(memory);
    capacity_ = capacity;
}

void response_reader::reset(std::size_t body_limit) {
    body_limit_ = body_limit;
    if (capacity_ > kept_capacity) {
        wipe();
        memory_.reset();
        capacity_ = 0;
    }
    size_ = 0;
    state_ = read_status::more;
    error_ = {};
    reason_ = {};
    interim_count_ = 0;
    ended_ = false;
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
    chunk_left_ = 0;
    chunk_seen_ = false;
    trailer_begin_ = 0;
}

read_status response_reader::commit(std::size_t size) {
    assert(size <= capacity_ - size_);
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
    return state_ == read_status::done && !ended_ && parser_->keep_alive();
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
    if (state_ == read_status::more && fields_done_ && parser_->chunked())
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
    if (parser_->chunked())
        check_field_size(parsed_ - trailer_begin_);
    if (state_ == read_status::failed)
        return;
    if (code_ / 100 == 1)
        skip_interim();
    else if (parsed_ != size_)
        fail(errc::malformed_response, surplus_bytes);
    else
        state_ = read_status::done;
}

void response_reader::skip_interim() {
    if (++interim_count_ > interim_limit)
        return fail(errc::response_too_large, "more than 8 interim answers (1xx)");
    auto const rest = unparsed();
    std::memmove(memory_.get(), rest.data(), rest.size());
    size_ = rest.size();
    start_message();
}

void response_reader::close_gap() {
    auto const rest = unparsed();
    auto const end = body_begin_ + body_size_;
    std::memmove(memory_.get() + end, rest.data(), rest.size());
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
    std::string_view const seen(memory_.get(), size_);
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
        if (line.size() > chunk_size_digits + chunk_extension_limit + 1)
            fail(errc::malformed_response, long_chunk_header);
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
        if (beast::iequals(name, {memory_.get() + fields_[from].name_at, fields_[from].name_size}))
            break;
    return from;
}

std::string_view response_reader::value(std::size_t index) const noexcept {
    return {memory_.get() + fields_[index].value_at, fields_[index].value_size};
}

std::string_view response_reader::field(std::string_view name) const noexcept {
    auto const at = find(name, 0);
    return at == fields_.size() ? std::string_view() : value(at);
}

}
