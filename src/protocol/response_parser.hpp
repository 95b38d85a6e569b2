#pragma once

#include "protocol/http_response.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string_view>

namespace allot {

/// Beast's parser with the rules on top of it; its results go into the reader.
class response_reader::parser final : public boost::beast::http::basic_parser<false> {
public:
    static constexpr std::size_t chunk_extension_limit = 256;
    static constexpr std::size_t chunk_size_digits = 16;
    static constexpr std::string_view long_chunk_header =
        "a chunk size over 16 digits, or chunk extensions over 256 bytes";

    explicit parser(response_reader& reader) : reader_(reader) {
        header_limit(field_limit);
        body_limit(reader.body_limit_);
    }

    void restart() {
        basic_parser::operator=(parser(reader_));
        skip(reader_.connect_);
        version_ = 0;
        transfer_encodings_ = 0;
        exactly_chunked_ = false;
        content_codings_ = 0;
        gzip_ = false;
        other_coding_ = false;
    }

private:
    using error = boost::system::error_code;
    using text = boost::beast::string_view;

    static bool has_no_body(int status) noexcept {
        return status / 100 == 1 || status == 204 || status == 304;
    }

    void refuse(error& out, std::string_view reason) {
        reader_.fail(errc::malformed_response, reason);
        out = boost::beast::http::error::bad_value;
    }

    void on_request_impl(boost::beast::http::verb, text, text, int, error&) override {}

    void on_response_impl(int code, text, int version, error& out) override {
        if (code < 100 || code > 599)
            return refuse(out, "the status is not in 100 to 599");
        if (code == 101)
            return refuse(out, "101 switches protocols, which was not asked for");
        reader_.code_ = code;
        version_ = version;
    }

    void on_field_impl(boost::beast::http::field id, text name, text value, error& out) override {
        if (is_folded(name, value))
            return refuse(out, "a field continues on the next line (obs-fold)");
        if (reader_.fields_done_)
            return;
        if (id == boost::beast::http::field::transfer_encoding) {
            ++transfer_encodings_;
            exactly_chunked_ = boost::beast::iequals(value, "chunked");
        }
        if (id == boost::beast::http::field::content_encoding && !value.empty())
            add_content_coding(value);
        auto const place = [this](char const* at) {
            return static_cast<std::size_t>(at - reader_.memory_.data());
        };
        reader_.fields_.push_back({place(name.data()), name.size(), place(value.data()), value.size()});
    }

    void on_header_impl(error& out) override {
        if (reader_.connect_ && reader_.code_ / 100 != 1)
            return;
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
        if (reader_.accepted_ == content_coding::identity && (gzip_ || other_coding_))
            return refuse(out, "Content-Encoding is not \"identity\", and no other was asked for");
        if (other_coding_ || (gzip_ && content_codings_ != 1))
            return refuse(out, "Content-Encoding is neither \"gzip\" nor \"identity\" alone");
        reader_.coded_ = gzip_;
    }

    void on_body_init_impl(boost::optional<std::uint64_t> const&, error&) override {}

    std::size_t on_body_impl(text piece, error& out) override {
        if (reader_.coded_)
            decode(piece, out);
        else
            reader_.body_size_ += piece.size();
        return piece.size();
    }

    void on_chunk_header_impl(std::uint64_t size, text extensions, error& out) override {
        auto const line = reader_.unparsed().data() + (reader_.chunk_seen_ ? 2 : 0);
        auto const digits = static_cast<std::size_t>(extensions.data() - line);
        if (digits > chunk_size_digits || extensions.size() > chunk_extension_limit)
            return refuse(out, long_chunk_header);
        reader_.chunk_seen_ = true;
        reader_.chunk_left_ = size;
        reader_.trailer_begin_ = static_cast<std::size_t>(extensions.end() - reader_.memory_.data()) + 2;
    }

    std::size_t on_chunk_body_impl(std::uint64_t, text piece, error& out) override {
        reader_.chunk_left_ -= piece.size();
        if (reader_.coded_) {
            decode(piece, out);
            return piece.size();
        }
        std::memmove(
            reader_.memory_.data() + reader_.body_begin_ + reader_.body_size_, piece.data(), piece.size());
        reader_.body_size_ += piece.size();
        return piece.size();
    }

    void on_finish_impl(error& out) override {
        if (reader_.coded_ && !reader_.decoder_.finish())
            refuse_content(out);
    }

    /// A list of codings (RFC 9110 section 8.4) is refused as a whole, whatever it holds.
    void add_content_coding(text value) {
        ++content_codings_;
        if (boost::beast::iequals(value, "gzip") || boost::beast::iequals(value, "x-gzip"))
            gzip_ = true;
        else if (!boost::beast::iequals(value, "identity"))
            other_coding_ = true;
    }

    void decode(text piece, error& out) {
        if (!reader_.decoder_.write(piece))
            refuse_content(out);
    }

    void refuse_content(error& out) {
        reader_.fail(reader_.decoder_.error(), reader_.decoder_.reason());
        out = boost::beast::http::error::bad_value;
    }

    /// Beast hands a folded value over joined, in memory of its own, unless its first lines are blank.
    bool is_folded(text name, text value) const {
        auto const* const begin = reader_.memory_.data();
        std::less<> const before;
        if (before(value.data(), begin) || before(begin + reader_.size_, value.data()))
            return true;
        return std::find(name.end(), value.begin(), '\r') != value.begin();
    }

    response_reader& reader_;
    int version_ = 0;
    int transfer_encodings_ = 0;
    bool exactly_chunked_ = false;
    int content_codings_ = 0;
    bool gzip_ = false;
    bool other_coding_ = false;
};

}
