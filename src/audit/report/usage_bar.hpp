#pragma once

#include "audit/report/html_writer.hpp"
#include "audit/report/usage.hpp"

namespace allot {

/// A symbol and a word for the status, so that colour is never the only sign.
void append_status(html_writer& out, usage_status status);

/// The share at the right end of all bars of a table whose largest share is `top`: 1, or a little more so
/// that what is in use beyond the allotted units shows.
double bar_scale(double top) noexcept;

/// Consumed against allotted. For eyes only: the cells beside it have the numbers.
void append_usage_bar(html_writer& out, unit_count units, double scale);

}
