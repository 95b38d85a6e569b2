#include "base/uuid.hpp"

#include <cstddef>
#include <cstdint>

namespace allot {

uuid_text::uuid_text(random_engine& random) noexcept {
    constexpr std::uint64_t version_mask = 0xffff'ffff'ffff'0fff;
    constexpr std::uint64_t variant_mask = 0x3fff'ffff'ffff'ffff;
    std::uint64_t const halves[] = {
        (random() & version_mask) | 0x4000, (random() & variant_mask) | 0x8000'0000'0000'0000};
    std::size_t digit = 0;
    for (std::size_t at = 0; at != text_.size(); ++at) {
        if (at == 8 || at == 13 || at == 18 || at == 23) {
            text_[at] = '-';
            continue;
        }
        auto const shift = 60 - 4 * (digit % 16);
        text_[at] = "0123456789abcdef"[(halves[digit / 16] >> shift) & 0xf];
        ++digit;
    }
}

}
