#pragma once

#include "protocol/wiped_buffer.hpp"

#include <allot/error.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

struct z_stream_s;

namespace allot {

/// Decodes gzip content (RFC 1952, RFC 9110 section 8.4.1.3) as it arrives, into memory that it keeps for the
/// next one. Several members, which RFC 1952 section 2.2 allows, are one content; header flags and optional
/// header fields are passed over. What is refused: content that is not gzip, ends in the middle, has a wrong
/// CRC-32 or length, or is followed by bytes that are no further member; and content beyond its limits,
/// before memory is taken for it. No bytes at all are an empty content: servers that compress by the field
/// alone send that. Whether and why content is refused does not depend on how it is cut into pieces.
/// Lifetimes: a view of the content is valid until the next `write` or `reset`. All memory that held content
/// is wiped when it is given back.
/// Thread safety: distinct objects: safe; shared: unsafe.
class gzip_decoder {
public:
    /// Content may have so many times its encoded size, counted in whole KiB.
    static constexpr std::size_t ratio_limit = 100;
    /// The ratio is about what goes beyond this. As much may come without any coding, so that it gives a bomb
    /// nothing; and pages that repeat one large allotment have honest ratios of up to 100.
    static constexpr std::size_t ratio_free = 1024 * 1024;

    gzip_decoder();
    ~gzip_decoder();

    /// Makes ready for the next content, which may have `limit` bytes. Precondition: `limit` is below 4 GiB.
    void reset(std::size_t limit);

    /// Gives memory back that only a large content needed. `reset` has to follow.
    void trim() noexcept { buffer_.trim(); }

    /// Takes the next bytes. False when the content is refused: `error` and `reason` say why.
    /// Precondition: nothing was refused since `reset`.
    bool write(std::string_view encoded);

    /// All bytes were there. False as for `write`. Precondition: as `write`.
    bool finish();

    /// What has come of the content.
    std::string_view content() const noexcept { return {buffer_.data(), size_}; }

    /// `errc::malformed_response` or `errc::response_too_large`, once something was refused.
    errc error() const noexcept { return error_; }
    /// The rule that was broken, in a few words; static storage.
    std::string_view reason() const noexcept { return reason_; }

private:
    struct closer {
        void operator()(z_stream_s* stream) const noexcept;
    };

    void start_member();
    bool decode(std::string_view block, std::size_t most);
    bool refuse(errc code, std::string_view reason);
    bool refuse_data();

    std::unique_ptr<z_stream_s, closer> stream_; ///< made for the first content
    wiped_buffer buffer_;
    std::size_t limit_ = 0;
    std::size_t taken_ = 0; ///< encoded bytes
    std::size_t size_ = 0;
    bool in_member_ = false;
    errc error_{};
    std::string_view reason_;
};

}
