#pragma once

#include "audit/report/kept_rows.hpp"
#include "audit/store/audit_reader.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace allot {

struct report_params {
    std::string store_name; ///< as the person named it
    std::string version;    ///< of allot
    std::chrono::sys_seconds generated_at;
    kept_rows_limits limits;
};

/// Writes a stored audit as one HTML page that needs nothing else: `write` gets it in pieces. The same audit
/// and parameters give the same bytes. Errors: `store_error` and what `write` throws.
void write_report(
    audit_reader& reader, report_params const& params, std::function<void(std::string_view)> const& write);

}
