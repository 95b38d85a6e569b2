// Content in gzip, in pieces: neither what it is nor why it is refused may depend on how it is cut, and it
// may not exceed its limits. The first byte is the size of the pieces, the second one the limit in units of
// 16 KiB.
#include "protocol/gzip_decoder.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

struct outcome {
    allot::errc error{};
    std::string_view reason;
    std::string content;
    bool operator==(outcome const&) const = default;
};

outcome decode(allot::gzip_decoder& decoder, std::string_view bytes, std::size_t limit, std::size_t piece) {
    decoder.reset(limit);
    std::size_t taken = 0;
    bool good = true;
    while (good && taken != bytes.size()) {
        auto const part = bytes.substr(taken, piece);
        taken += part.size();
        good = decoder.write(part);
        auto const whole_kib = (taken + 1023) / 1024;
        auto const most =
            allot::gzip_decoder::ratio_free + allot::gzip_decoder::ratio_limit * 1024 * whole_kib;
        if (decoder.content().size() > std::min(limit, most))
            std::abort();
    }
    good = good && decoder.finish();
    if (good != decoder.reason().empty() || good != (decoder.error() == allot::errc{}))
        std::abort();
    return {decoder.error(), decoder.reason(), good ? std::string(decoder.content()) : ""};
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 2)
        return 0;
    std::string_view const bytes(reinterpret_cast<char const*>(data) + 2, size - 2);
    // Up to 4 MiB, so that the ratio counts for some.
    auto const limit = std::size_t{data[1]} * 16 * 1024;
    static allot::gzip_decoder decoder;
    auto const whole = decode(decoder, bytes, limit, bytes.size() + 1);
    if (decode(decoder, bytes, limit, 1) != whole ||
        decode(decoder, bytes, limit, std::size_t{1} + data[0]) != whole)
        std::abort();
    // Nothing of one content is left for the next.
    allot::gzip_decoder fresh;
    if (decode(fresh, bytes, limit, 1024) != whole)
        std::abort();
    return 0;
}
