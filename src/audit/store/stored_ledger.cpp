#include "audit/store/stored_ledger.hpp"

#include "audit/listed_reference.hpp"
#include "audit/next_steps.hpp"
#include "base/fail_point.hpp"
#include "json/encode.hpp"

#include <utility>

namespace allot {
namespace {

using steady_clock = std::chrono::steady_clock;

constexpr std::size_t page_size = 1'000;
constexpr auto sample_interval = std::chrono::seconds(1);

stored_row stored(audit_row const& row) {
    stored_row out;
    out.position = row.position;
    out.outcome = row.outcome;
    if (row.error) {
        out.error_code = row.error->code;
        out.error_message = row.error->message;
        out.error_reason = row.error->reason;
    }
    out.http_status = row.http_status;
    out.attempts = row.attempts;
    out.request_id = stored_id(row.request_id);
    out.client_request_id = stored_id(row.client_request_id);
    out.duration = std::chrono::floor<std::chrono::microseconds>(row.duration);
    return out;
}

char const* name_of(run_cause cause) {
    switch (cause) {
    case run_cause::complete:
        return "complete";
    case run_cause::signal:
        return "signal";
    case run_cause::no_token:
        return "no_token";
    case run_cause::forbidden:
        return "forbidden";
    case run_cause::untrusted:
        return "untrusted";
    case run_cause::parked:
        return "parked";
    case run_cause::unlisted:
        return "unlisted";
    }
    return "unknown";
}

}

stored_ledger::stored_ledger(
    audit_store& store, std::unique_ptr<audit_reader> pending, std::string name, row_observer seen) :
    store_(store),
    pending_(std::move(pending)),
    name_(std::move(name)),
    seen_(std::move(seen)),
    inputs_(store.reader().counts().inputs) {
    if (store.reader().phase() == audit_phase::reading)
        walk_ = store.reader().walk();
    sum_up();
    run_ = store_.begin_run();
}

void stored_ledger::sum_up() {
    summary_ = {};
    if (store_.reader().counts().rows() != 0)
        store_.reader().for_each_row(row_order::input, [this](audit_row const& row) { summary_.add(row); });
}

void stored_ledger::take(assignment_page const& page, list_scope const& scope) {
    for (auto const& each : page.assignments)
        take(each, page.exchange, scope);
    if (!page.next_link.empty()) {
        walk_ = page.next_link;
        store_.commit_input(page.next_link);
        return;
    }
    store_.end_input({});
    walk_.reset();
    // Without what the list gave twice.
    inputs_ = store_.reader().counts().inputs;
    sum_up();
}

void stored_ledger::take(assignment const& listed, exchange_info const& exchange, list_scope const& scope) {
    auto const reference = listed_reference(scope, listed);
    auto const position = store_.add(reference);
    ++inputs_;
    if (!listed.allotment)
        return;
    auto const& found = *listed.allotment;
    auto const row = make_row(position, reference, found ? &*found : nullptr, exchange);
    auto kept = stored(row);
    if (found) {
        std::string json;
        append_json(json, *found);
        kept.allotment_key = store_.store_allotment(json);
    }
    store_.add_row(kept);
    summary_.add(row);
    seen_(row);
}

void stored_ledger::restart_walk() {
    store_.begin(*store_.reader().identity(), input_kind::list);
    walk_.emplace();
    inputs_ = 0;
    summary_ = {};
}

reference_source stored_ledger::references() {
    writer_.emplace(store_);
    auto next = [this] { return read_error_.guard([this] { return next_reference(); }); };
    return {std::move(next), inputs() - summary().rows()};
}

std::optional<assignment_ref> stored_ledger::next_reference() {
    if (next_of_page_ == page_.size()) {
        page_ = pending_->pending(last_position_, page_size);
        next_of_page_ = 0;
        if (page_.empty())
            return std::nullopt;
    }
    auto& next = page_[next_of_page_++];
    last_position_ = next.position;
    {
        std::lock_guard const lock(claims_mutex_);
        claims_.push_back({next.position, next.repeats, true});
    }
    fail_point("after-claim");
    return std::move(next.reference);
}

stored_ledger::claim stored_ledger::settle(std::uint64_t number) {
    std::lock_guard const lock(claims_mutex_);
    auto& found = claims_[number - first_claim_];
    auto const out = found;
    found.open = false;
    for (; !claims_.empty() && !claims_.front().open; ++first_claim_)
        claims_.pop_front();
    return out;
}

void stored_ledger::write(batch_item const& item) {
    fail_point("after-answer");
    auto const from = settle(item.position);
    auto const row = make_row(from.position, item);
    store_writer::entry entry;
    entry.row = stored(row);
    if (row.allotment != nullptr) {
        auto const [number, is_new] = allotments_.number_of(*row.allotment);
        entry.allotment = number;
        if (is_new) {
            append_json(entry.allotment_json, *row.allotment);
            allotments_.add_size(entry.allotment_json.size());
        }
    }
    summary_.add(row, from.repeats + 1);
    seen_(row);
    writer_->write(std::move(entry));
}

void stored_ledger::check_source() {
    read_error_.rethrow();
}

bool stored_ledger::has_room() {
    check_source();
    return !writer_ || writer_->has_room();
}

run_sample stored_ledger::sample(client_stats const& stats) const {
    run_sample out;
    out.run = run_;
    out.at = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    out.rows = summary_.rows();
    out.requests = stats.requests;
    out.retries = stats.retries;
    out.throttled = stats.throttled;
    out.held = std::chrono::floor<std::chrono::milliseconds>(stats.held);
    out.in_flight = stats.in_flight;
    if (stats.held_until)
        out.held_until = std::chrono::ceil<std::chrono::milliseconds>(
            std::chrono::system_clock::now() + (*stats.held_until - steady_clock::now()));
    return out;
}

void stored_ledger::tick(client_stats const& stats) {
    auto const now = steady_clock::now();
    // A hold is kept at once: a run that is killed in it is not to be followed by one that asks early.
    bool const held = stats.held_until.has_value();
    if (sampled_ && now - *sampled_ < sample_interval && held == held_)
        return;
    sampled_ = now;
    held_ = held;
    if (writer_)
        writer_->add_sample(sample(stats));
    else
        store_.add_sample(sample(stats));
}

void stored_ledger::end(run_end const& how, client_stats const& stats) {
    if (writer_) {
        writer_->add_sample(sample(stats));
        writer_->stop();
    }
    check_source();
    // What was refused for a reason that the user mends is not what became of an assignment.
    if (how.cause == run_cause::forbidden)
        store_.drop_rows_with(error_name(errc::forbidden));
    if (how.cause == run_cause::untrusted)
        for (auto const code : {errc::certificate_rejected, errc::proxy_refused})
            store_.drop_rows_with(error_name(code));
    if (how.cause == run_cause::forbidden || how.cause == run_cause::untrusted)
        sum_up();
    std::optional<stored_run::time_point> resume_at;
    if (how.resume_at)
        resume_at = std::chrono::ceil<std::chrono::milliseconds>(*how.resume_at);
    store_.end_run(run_, name_of(how.cause), resume_at);
    if (!writer_) // the run has ended while it listed
        store_.add_sample(sample(stats));
}

std::string stored_ledger::whereabouts() const {
    return "they are in " + name_ + "; the same command goes on from there";
}

std::string stored_ledger::repeat_command() const {
    return repeat_of_store(name_);
}

}
