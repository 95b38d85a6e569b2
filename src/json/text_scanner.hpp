#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace allot {

/// Reads a text of dates and times from the left; a reader that fails leaves the rest undefined.
class text_scanner {
public:
    explicit text_scanner(std::string_view text) noexcept : rest_(text) {}

    bool done() const noexcept { return rest_.empty(); }

    bool take(char expected) noexcept {
        if (rest_.empty() || rest_.front() != expected)
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::optional<int> digit() noexcept {
        if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9')
            return std::nullopt;
        int const value = rest_.front() - '0';
        rest_.remove_prefix(1);
        return value;
    }

    /// Exactly `count` digits whose number is at most `max`.
    bool number(int count, int max, int& out) noexcept {
        out = 0;
        for (int read = 0; read != count; ++read) {
            auto const next = digit();
            if (!next)
                return false;
            out = out * 10 + *next;
        }
        return out <= max;
    }

    /// One or two digits whose number is at most `max`.
    bool short_number(int max, int& out) noexcept {
        if (!number(1, 9, out))
            return false;
        if (auto const next = digit())
            out = out * 10 + *next;
        return out <= max;
    }

    /// The distance from UTC: "Z", "+01:00".
    bool offset(std::chrono::minutes& out) noexcept {
        if (take('Z')) {
            out = std::chrono::minutes(0);
            return true;
        }
        bool const west = take('-');
        int h = 0;
        int m = 0;
        if ((!west && !take('+')) || !number(2, 23, h) || !take(':') || !number(2, 59, m))
            return false;
        out = std::chrono::hours(h) + std::chrono::minutes(m);
        if (west)
            out = -out;
        return true;
    }

private:
    std::string_view rest_;
};

}
