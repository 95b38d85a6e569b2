#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace allot {

/// Text that must not be seen: wiped when it goes, shown as "[redacted]" by every formatter.
/// Thread safety: distinct objects: safe; shared: safe for reading.
class secret {
public:
    secret() noexcept = default;
    /// Takes the text over and wipes the source.
    explicit secret(std::string&& text);
    explicit secret(std::string_view text);
    secret(secret const& other);
    secret(secret&& other) noexcept;
    secret& operator=(secret other) noexcept;
    ~secret();

    bool empty() const noexcept { return text_.empty(); }

    /// The text itself, for the one place that sends it. Valid while this object is.
    std::string_view reveal() const noexcept { return text_; }

private:
    std::string text_;
};

std::ostream& operator<<(std::ostream& out, secret const& value);

/// Overwrites the characters so that the compiler cannot leave it out, then clears.
void wipe(std::string& text) noexcept;

}
