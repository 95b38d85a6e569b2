#pragma once

#include "audit/caught_error.hpp"
#include "audit/ledger.hpp"
#include "audit/store/allotment_numbers.hpp"
#include "audit/store/audit_store.hpp"
#include "audit/store/store_writer.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace allot {

/// Keeps an audit in a store: a run of it, from what is pending to what is committed.
class stored_ledger final : public audit_ledger {
public:
    /// Begins a run. `pending` reads the same store, through a connection of its own. `name` is what people
    /// call the store. Preconditions: the store's input has ended or is a list. Lifetimes: `store` outlives
    /// it.
    stored_ledger(
        audit_store& store, std::unique_ptr<audit_reader> pending, std::string name, row_observer seen);

    std::uint64_t inputs() const override { return inputs_; }
    bool is_complete() const override { return !walk_ && summary_.rows() == inputs_; }
    std::optional<std::string> walk() const override { return walk_; }
    void take(assignment_page const& page, list_scope const& scope) override;
    void restart_walk() override;
    reference_source references() override;
    void write(batch_item const& item) override;
    bool has_room() override;
    void tick(client_stats const& stats) override;
    void end(run_end const& how, client_stats const& stats) override;
    audit_summary const& summary() const override { return summary_; }
    std::string whereabouts() const override;
    std::string repeat_command() const override;

private:
    struct claim {
        std::uint64_t position;
        std::uint64_t repeats;
        bool open;
    };

    void sum_up();
    void take(assignment const& listed, exchange_info const& exchange, list_scope const& scope);
    std::optional<assignment_ref> next_reference();
    claim settle(std::uint64_t number);
    void check_source();
    run_sample sample(client_stats const& stats) const;

    audit_store& store_;
    std::unique_ptr<audit_reader> pending_;
    std::string name_;
    row_observer seen_;
    std::uint64_t inputs_;
    audit_summary summary_;
    std::uint64_t run_;

    std::vector<pending_reference> page_; // of `pending_`
    std::size_t next_of_page_ = 0;
    std::uint64_t last_position_ = 0;
    // References may be taken by other threads than that which writes.
    std::mutex claims_mutex_;
    std::deque<claim> claims_; // without a row, in the order they were given; the first has `first_claim_`
    std::uint64_t first_claim_ = 1;
    caught_error read_error_;

    std::optional<std::string> walk_;
    allotment_numbers allotments_;
    std::optional<std::chrono::steady_clock::time_point> sampled_;
    bool held_ = false;
    std::optional<store_writer> writer_;
};

}
