#pragma once

#include "audit/report/html_writer.hpp"
#include "audit/report/rate_series.hpp"

namespace allot {

/// The next of 1, 2, 4, 5, 10, 20, ... at or above `value`; 1 for less than that.
double round_top(double value) noexcept;

/// Rows per second over working time, with the times when throttling held the requests back. Draws nothing
/// without points.
void append_rate_chart(html_writer& out, rate_series const& series);

}
