#pragma once

#include "audit/report/report_data.hpp"

#include <functional>
#include <string_view>

namespace allot {

/// The rows of the table as JSON for the page's script: one array for each column, with texts that repeat
/// stated once, so that 100,000 rows load at once. No byte of it is markup. `write` gets it in pieces.
void write_table_json(report_data const& data, std::function<void(std::string_view)> const& write);

}
