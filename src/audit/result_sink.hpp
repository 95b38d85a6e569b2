#pragma once

#include "audit/row.hpp"

namespace allot {

/// Takes the rows of an audit, in the order in which they are known.
/// Thread safety: shared: unsafe.
class result_sink {
public:
    virtual ~result_sink() = default;

    /// Errors: `io_error` when the row cannot be kept.
    virtual void write(audit_row const& row) = 0;

    /// False while rows wait for a slow reader: better none is written now. Errors: as `write`.
    virtual bool has_room() = 0;
};

}
