#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace allot {

/// A name as Graph spells it, made at compile time from ours in snake_case: "sku_id" becomes "skuId". A
/// leading "odata_" stands for the prefix of control information (OData JSON Format 4.01 section 4.6):
/// "odata_type" becomes "@odata.type".
class wire_text {
public:
    explicit constexpr wire_text(std::string_view snake_case) noexcept {
        constexpr std::string_view control = "odata_";
        if (snake_case.starts_with(control)) {
            for (char const character : std::string_view("@odata."))
                text_[size_++] = character;
            snake_case.remove_prefix(control.size());
        }
        bool upper = false;
        for (char const character : snake_case) {
            if (character != '_')
                text_[size_++] = upper ? static_cast<char>(character - 'a' + 'A') : character;
            upper = character == '_';
        }
    }

    constexpr operator std::string_view() const noexcept { return {text_.data(), size_}; }

private:
    // A longer name does not compile.
    std::array<char, 40> text_{};
    std::size_t size_ = 0;
};

/// Graph's name of a member or enumerator; `D` is its descriptor of Boost.Describe.
template <class D>
inline constexpr wire_text wire_name{D::name};

}
