#include "audit/memory_ledger.hpp"

#include "audit/listed_reference.hpp"
#include "audit/next_steps.hpp"

#include <utility>

namespace allot {

memory_ledger::memory_ledger(kept_input input, row_format format, row_output& output, row_observer seen) :
    input_(std::move(input)),
    inputs_(input_.size()),
    format_(format),
    output_(output),
    sink_(make_row_writer(format, output)),
    seen_(std::move(seen)) {
    for (auto const& entry : input_.invalid())
        write(make_row(entry));
}

memory_ledger::memory_ledger(row_format format, row_output& output, row_observer seen) :
    memory_ledger(kept_input(), format, output, std::move(seen)) {
    walk_.emplace();
}

void memory_ledger::take(assignment_page const& page, list_scope const& scope) {
    for (auto const& each : page.assignments) {
        auto const [reference, is_new] = listed_.insert(listed_reference(scope, each));
        if (!is_new)
            continue;
        ++inputs_;
        if (each.allotment) {
            auto const* const found = *each.allotment ? &**each.allotment : nullptr;
            write(make_row(inputs_, *reference, found, page.exchange));
        } else {
            input_.add(*reference, inputs_);
        }
    }
    walk_ = page.next_link;
    if (walk_->empty()) {
        walk_.reset();
        listed_.clear();
    }
}

// Rows may have been read already: what is listed again is dropped as what came before.
void memory_ledger::restart_walk() {
    walk_.emplace();
}

reference_source memory_ledger::references() {
    auto next = [this] { return read_error_.guard([this] { return next_reference(); }); };
    return {std::move(next), inputs()};
}

std::optional<assignment_ref> memory_ledger::next_reference() {
    auto next = input_.next();
    if (!next)
        return std::nullopt;
    std::lock_guard const lock(claims_mutex_);
    claims_.emplace(++given_, claim{next->position, std::move(next->repeats)});
    return std::move(next->reference);
}

memory_ledger::claim memory_ledger::settle(std::uint64_t number) {
    std::lock_guard const lock(claims_mutex_);
    return std::move(claims_.extract(number).mapped());
}

void memory_ledger::check_source() {
    read_error_.rethrow();
}

bool memory_ledger::has_room() {
    check_source();
    return sink_->has_room();
}

void memory_ledger::write(batch_item const& item) {
    auto const from = settle(item.position);
    write(make_row(from.position, item));
    for (auto const position : from.repeats)
        write(make_row(position, item));
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
    check_source();
    if (is_complete())
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
