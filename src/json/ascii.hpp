#pragma once

#include <algorithm>
#include <string_view>

namespace allot {

/// Whether both names are the same when the case of ASCII letters does not count. The locale plays no part.
inline bool same_name(std::string_view left, std::string_view right) noexcept {
    auto const lower = [](char character) {
        return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
    };
    return std::ranges::equal(left, right, {}, lower, lower);
}

}
