#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <zlib.h>

namespace allot::test {

/// What `windowBits` of zlib stands for beside the window.
enum class deflate_format { raw = -15, zlib = 15, gzip = 15 + 16 };

/// The text in one stream or gzip member.
inline std::string deflated(
    std::string_view text, deflate_format format, int level = Z_DEFAULT_COMPRESSION,
    gz_header* header = nullptr) {
    z_stream stream{};
    constexpr int usual_memory = 8;
    if (deflateInit2(
            &stream, level, Z_DEFLATED, static_cast<int>(format), usual_memory, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("deflateInit2");
    if (header != nullptr)
        deflateSetHeader(&stream, header);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    std::string out(deflateBound(&stream, stream.avail_in), '\0');
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    auto const status = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (status != Z_STREAM_END)
        throw std::runtime_error("deflate");
    return out;
}

/// The content of one or more gzip members, by zlib alone; throws where zlib refuses it, or ends early.
inline std::string gunzipped(std::string_view bytes) {
    z_stream stream{};
    if (inflateInit2(&stream, static_cast<int>(deflate_format::gzip)) != Z_OK)
        throw std::runtime_error("inflateInit2");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    auto status = Z_OK;
    while (status == Z_OK) {
        char piece[4096];
        stream.next_out = reinterpret_cast<Bytef*>(piece);
        stream.avail_out = sizeof piece;
        status = inflate(&stream, Z_NO_FLUSH);
        out.append(piece, sizeof piece - stream.avail_out);
        if (status == Z_STREAM_END && stream.avail_in != 0)
            status = inflateReset(&stream);
    }
    std::string const why = stream.msg == nullptr ? "incomplete" : stream.msg;
    inflateEnd(&stream);
    if (status != Z_STREAM_END)
        throw std::runtime_error(why);
    return out;
}

inline std::string
gzip(std::string_view text, int level = Z_DEFAULT_COMPRESSION, gz_header* header = nullptr) {
    return deflated(text, deflate_format::gzip, level, header);
}

}
