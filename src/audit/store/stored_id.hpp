#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// A request id as it is stored. Nearly all are GUIDs in lower case: they take 16 bytes instead of 36, and no
/// memory of their own. Any other text is kept as it is.
class stored_id {
public:
    stored_id() = default;
    explicit stored_id(std::string_view text);

    /// The 16 bytes of a GUID, as characters; nothing for another text.
    std::optional<std::string_view> packed() const noexcept;

    /// Of an id that is not packed.
    std::string const& text() const noexcept { return text_; }

private:
    std::array<char, 16> bytes_{};
    bool is_packed_ = false;
    std::string text_;
};

/// Writes the GUID in 16 bytes over `out`.
void unpack_id(std::string& out, std::string_view packed);

}
