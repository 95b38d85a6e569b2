#include "audit/memory_ledger.hpp"

#include "audit/next_steps.hpp"

#include <utility>

namespace allot {

memory_ledger::memory_ledger(audit_input input, row_format format, row_output& output, row_observer seen) :
    input_(std::move(input)),
    inputs_(input_.size()),
    format_(format),
    output_(output),
    sink_(make_row_writer(format, output)),
    seen_(std::move(seen)) {
    for (auto const& entry : input_.invalid)
        write(make_row(entry));
}

reference_source memory_ledger::references() {
    return std::move(input_.references);
}

void memory_ledger::write(batch_item const& item) {
    write(make_row(input_.positions[item.position - 1], item));
}

void memory_ledger::write(audit_row const& row) {
    sink_->write(row);
    summary_.add(row);
    seen_(row);
}

void memory_ledger::tick(client_stats const&) {
    output_.flush();
}

void memory_ledger::end(run_end const&, client_stats const&) {
    if (summary_.rows() == inputs_)
        output_.finish();
    else
        output_.leave();
}

std::string memory_ledger::whereabouts() const {
    if (output_.partial_path().empty() || summary_.rows() == 0)
        return {};
    return "the rows are in " + output_.partial_path();
}

std::string memory_ledger::repeat_command() const {
    bool const usable = format_ == row_format::ndjson && output_.partial_path().empty();
    return usable ? repeat_of_rows(summary_, output_.file_path()) : std::string();
}

}
