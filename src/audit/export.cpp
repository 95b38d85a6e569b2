#include "audit/export.hpp"

#include "base/fail_point.hpp"

namespace allot {

std::uint64_t export_rows(audit_reader& from, row_format format, row_output& output) {
    auto const writer = make_row_writer(format, output);
    std::uint64_t rows = 0;
    from.for_each_row(row_order::input, [&](audit_row const& row) {
        writer->write(row);
        fail_point("mid-export");
        ++rows;
    });
    output.finish();
    return rows;
}

}
