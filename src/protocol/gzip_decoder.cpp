#include "protocol/gzip_decoder.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <new>
#include <string.h>
#include <zlib.h>

namespace allot {
namespace {

/// The ratio is looked at after each of these. They are counted from the begin of the content, so that
/// nothing depends on the pieces in which it arrives.
constexpr std::size_t block_size = 1024;

constexpr int largest_window = 15;
constexpr int gzip_only = 16; ///< added to the window: neither zlib's own format nor a guess

/// In front of what zlib gets: its size, and zlib's blocks stay aligned.
struct alignas(std::max_align_t) block_header {
    std::size_t size;
};

/// zlib's window is 32 KiB of content.
void* allocate(void*, unsigned count, unsigned size) {
    auto const bytes = sizeof(block_header) + std::size_t{count} * size;
    auto* const memory = ::operator new(bytes, std::nothrow);
    return memory == nullptr ? nullptr : new (memory) block_header{bytes} + 1;
}

void release(void*, void* memory) {
    auto* const header = static_cast<block_header*>(memory) - 1;
    explicit_bzero(memory, header->size - sizeof(block_header));
    ::operator delete(header);
}

}

void gzip_decoder::closer::operator()(z_stream_s* stream) const noexcept {
    inflateEnd(stream);
    delete stream;
}

gzip_decoder::gzip_decoder() = default;
gzip_decoder::~gzip_decoder() = default;

void gzip_decoder::reset(std::size_t limit) {
    assert(limit < std::numeric_limits<uInt>::max());
    buffer_.trim();
    limit_ = limit;
    taken_ = 0;
    size_ = 0;
    in_member_ = false;
    error_ = {};
    reason_ = {};
}

void gzip_decoder::start_member() {
    in_member_ = true;
    if (stream_) {
        inflateReset(stream_.get());
        return;
    }
    auto made = std::make_unique<z_stream>();
    made->zalloc = allocate;
    made->zfree = release;
    if (inflateInit2(made.get(), largest_window + gzip_only) != Z_OK)
        throw std::bad_alloc();
    stream_.reset(made.release());
}

bool gzip_decoder::write(std::string_view encoded) {
    assert(reason_.empty());
    while (!encoded.empty()) {
        auto const block = encoded.substr(0, block_size - taken_ % block_size);
        auto const blocks = taken_ / block_size + 1;
        taken_ += block.size();
        encoded.remove_prefix(block.size());
        if (!decode(block, std::min(limit_, ratio_free + ratio_limit * block_size * blocks)))
            return false;
    }
    return true;
}

bool gzip_decoder::finish() {
    return !in_member_ || refuse(errc::malformed_response, "the gzip content ends in the middle");
}

bool gzip_decoder::decode(std::string_view block, std::size_t most) {
    // zlib does not write to its input; its type only lacks a const.
    auto* next = reinterpret_cast<Bytef*>(const_cast<char*>(block.data()));
    auto left = static_cast<uInt>(block.size());
    bool more = true;
    while (more) {
        if (!in_member_)
            start_member();
        // One byte more than allowed shows that there is one.
        auto const room = std::min(buffer_.capacity(), most + 1);
        if (size_ == room) {
            buffer_.grow(size_, limit_ + 1);
            continue;
        }
        auto& stream = *stream_;
        stream.next_in = next;
        stream.avail_in = left;
        stream.next_out = reinterpret_cast<Bytef*>(buffer_.data() + size_);
        stream.avail_out = static_cast<uInt>(room - size_);
        auto const status = inflate(&stream, Z_NO_FLUSH);
        next = stream.next_in;
        left = stream.avail_in;
        size_ = room - stream.avail_out;
        if (size_ > most) {
            size_ = most;
            return refuse(
                errc::response_too_large,
                most == limit_
                    ? "the decoded body exceeds its limit"
                    : "the decoded body exceeds 1 MiB and 100 times its size as gzip; ask for smaller "
                      "pages, or set accept_gzip to false");
        }
        if (status == Z_MEM_ERROR)
            throw std::bad_alloc();
        if (status == Z_STREAM_END)
            in_member_ = false;
        else if (status != Z_OK && status != Z_BUF_ERROR)
            return refuse_data();
        more = left != 0 || (in_member_ && stream.avail_out == 0);
    }
    return true;
}

bool gzip_decoder::refuse(errc code, std::string_view reason) {
    error_ = code;
    reason_ = reason;
    return false;
}

bool gzip_decoder::refuse_data() {
    auto const said = stream_->msg == nullptr ? std::string_view() : std::string_view(stream_->msg);
    if (said == "incorrect data check")
        return refuse(errc::malformed_response, "the CRC-32 of the gzip content is wrong");
    if (said == "incorrect length check")
        return refuse(errc::malformed_response, "the length of the gzip content is wrong");
    if (said == "incorrect header check")
        return refuse(
            errc::malformed_response, "the content is not gzip, or bytes follow that are no further member");
    return refuse(errc::malformed_response, "the gzip content is damaged");
}

}
