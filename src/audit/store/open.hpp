#pragma once

#include "audit/store/audit_reader.hpp"
#include "audit/store/audit_store.hpp"

#include <memory>
#include <string>

namespace allot {

/// Opens a store to work on; makes one where there is no file.
/// Errors: `store_error`, also when another process works on it; an existing file is then unchanged.
std::unique_ptr<audit_store> open_store(std::string const& path);

/// Opens a store to read, also while an audit works on it. What is read is of one moment, whatever is written
/// meanwhile; do not keep it open for long. Errors: `store_error`.
std::unique_ptr<audit_reader> open_stored_audit(std::string const& path);

/// Reads the references that a store's own audit is to fetch, while it writes. Preconditions: the store's
/// input has ended. Errors: `store_error`.
std::unique_ptr<audit_reader> open_for_pending(std::string const& path);

}
