#pragma once

#include "base/uuid.hpp"

#include <cstdint>
#include <string>

namespace allot::simulation {

/// Random draws that are the same on every platform for a seed; the distributions of <random> are not.
/// Thread safety: distinct objects: safe; shared: unsafe.
class draws {
public:
    explicit draws(std::uint64_t seed) : engine_(seed) {}

    /// 0 to `bound` - 1. Precondition: `bound` is not 0.
    std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }

    /// `first` to `last`, both included.
    std::int32_t between(std::int32_t first, std::int32_t last) {
        return first + static_cast<std::int32_t>(below(static_cast<std::uint64_t>(last - first) + 1));
    }

    /// At least 0 and less than 1.
    double unit() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

    bool chance(double probability) { return unit() < probability; }

    std::string guid() { return std::string(uuid_text(engine_)); }

private:
    random_engine engine_;
};

}
