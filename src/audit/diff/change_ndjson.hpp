#pragma once

#include "audit/diff/changes.hpp"
#include "audit/row_output.hpp"

namespace allot {

/// Writes one JSON object for each change, with `kind` first; members stand in the same order for each kind.
/// A SKU that crosses exhaustion has two: "sku_changed", then "sku_exhausted" or "sku_available".
/// Lifetimes: the output outlives it. Errors of `add`: `io_error`.
class change_ndjson final : public change_sink {
public:
    explicit change_ndjson(row_output& output) noexcept : output_(output) {}

    void add(assignment_change const& change) override;
    void add(allotment_change const& change) override;
    void add(sku_change const& change) override;

private:
    void write_line();

    row_output& output_;
    std::string line_;
};

}
