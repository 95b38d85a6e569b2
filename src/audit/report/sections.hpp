#pragma once

#include "audit/report/html_writer.hpp"
#include "audit/report/report_data.hpp"
#include "audit/report/write_report.hpp"

#include <string>

/// The sections of a report, in the order of the page. Each appends one HTML `section` that needs no script.
namespace allot {

/// What the report says in two or three sentences.
void append_headline(html_writer& out, report_data const& data);
/// The same sentences' first one, as plain text for the page's title.
std::string headline_text(report_data const& data);
void append_tiles(html_writer& out, report_data const& data);
void append_skus(html_writer& out, report_data const& data);
void append_pools(html_writer& out, report_data const& data);
void append_hardly_used(html_writer& out, report_data const& data);
void append_findings(html_writer& out, report_data const& data);
void append_errors(html_writer& out, report_data const& data);
void append_table(html_writer& out, report_data const& data, report_params const& params);
void append_runs(html_writer& out, report_data const& data);
void append_origin(html_writer& out, report_data const& data, report_params const& params);

}
