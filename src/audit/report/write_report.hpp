#pragma once

#include "audit/report/report_data.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace allot {

struct report_params {
    std::string store_name; ///< as the person named it
    std::string version;    ///< of allot
    std::chrono::sys_seconds generated_at;
};

/// Writes a report as one HTML page that needs nothing else: `write` gets it in pieces. The same data and
/// parameters give the same bytes. Errors: what `write` throws.
void write_report(
    report_data const& data, report_params const& params, std::function<void(std::string_view)> const& write);

}
