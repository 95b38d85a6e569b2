#pragma once

#include "audit/diff/compare.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace allot {

/// The changes for people: a section for each kind, each with its first twenty. Bounded memory.
class change_text final : public change_sink {
public:
    void add(assignment_change const& change) override;
    void add(allotment_change const& change) override;
    void add(sku_change const& change) override;

    /// The totals, then the sections that have something; no control characters but line ends.
    std::string text(diff_totals const& totals) const;

private:
    struct section {
        std::vector<std::string> lines; ///< those shown
        std::uint64_t count = 0;

        void add(std::string line);
    };

    /// In the order in which they are shown.
    enum place { crossing, skus, changed, appeared, disappeared, added, gone, moved, places };

    std::array<section, places> sections_;
};

}
