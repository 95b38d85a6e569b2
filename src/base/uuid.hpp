#pragma once

#include <array>
#include <random>
#include <string_view>

namespace allot {

/// The engine all random draws come from; seeded once, so that a test can repeat a run.
using random_engine = std::mt19937_64;

/// A random (version 4) UUID as text, for client-request-id and the like. Not for secrets.
class uuid_text {
public:
    explicit uuid_text(random_engine& random) noexcept;
    operator std::string_view() const noexcept { return {text_.data(), text_.size()}; }

private:
    std::array<char, 36> text_;
};

}
