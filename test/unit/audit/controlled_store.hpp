#pragma once

#include "audit/store/audit_store.hpp"
#include "audit/store/store_error.hpp"

#include <condition_variable>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace allot::test {

/// Reads an audit of which nothing is known but what the test says.
class scripted_reader final : public audit_reader {
public:
    std::optional<audit_identity> identity() override { return audit_identity{}; }
    audit_phase phase() override { return audit_phase::fetching; }
    std::optional<std::string> walk() override { return std::nullopt; }
    std::string input_digest() override { return {}; }
    audit_counts counts() override { return {}; }
    std::vector<stored_run> runs() override { return {}; }
    std::vector<run_sample> samples() override { return {}; }
    std::unique_ptr<row_cursor> read_rows(row_order) override { return std::make_unique<no_rows>(); }

    /// Pages of one reference; behind the last one the store is damaged.
    std::vector<pending_reference> pending(std::uint64_t after, std::size_t) override {
        if (after >= readable)
            throw store_error("the store s: it is damaged");
        return {{after + 1, 0, assignment_ref::admin("a?")}};
    }

    std::uint64_t readable = 0;

private:
    class no_rows final : public row_cursor {
        audit_row const* next() override { return nullptr; }
    };
};

/// Keeps groups of rows in memory. The test can hold its writes back and let them fail. Thread safety: the
/// members below `reader` are for another thread than the others.
class controlled_store final : public audit_store {
public:
    audit_reader& reader() override { return reader_; }

    /// Writes wait from now on.
    void hold() {
        std::lock_guard const lock(mutex_);
        held_ = true;
    }

    /// Writes that wait go on; from now on they fail if `why` is given.
    void release(std::string why = {}) {
        std::lock_guard const lock(mutex_);
        held_ = false;
        failure_ = std::move(why);
        changed_.notify_all();
    }

    /// Until as many writes were begun, failed ones included.
    void wait_for_writes(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return begun_ >= count; });
    }

    /// What was done. Preconditions: nobody writes any more, or all waits.
    std::vector<std::vector<stored_row>> groups;
    std::vector<std::string> allotments;
    std::vector<run_sample> samples;
    std::vector<std::string> runs_ended;
    bool takes_signals = false;

    std::vector<std::uint64_t> positions() const {
        std::vector<std::uint64_t> out;
        for (auto const& group : groups)
            for (auto const& row : group)
                out.push_back(row.position);
        return out;
    }

    std::size_t writes_begun() const {
        std::lock_guard const lock(mutex_);
        return begun_;
    }

    void begin(audit_identity const&, input_kind) override {}
    void continue_list() override {}
    std::uint64_t add(input_entry const&) override { return 0; }
    void add_row(stored_row const&) override {}
    void commit_input(std::string_view) override {}
    void end_input(std::string_view) override {}

    std::int64_t store_allotment(std::string_view json) override {
        allotments.emplace_back(json);
        return key_of(allotments.size());
    }
    static std::int64_t key_of(std::size_t number) { return 1'000 + static_cast<std::int64_t>(number); }

    void write(std::span<stored_row const> rows) override {
        std::unique_lock lock(mutex_);
        ++begun_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return !held_; });
        if (!failure_.empty())
            throw store_error(failure_);
        groups.emplace_back(rows.begin(), rows.end());
        sigset_t blocked;
        pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
        takes_signals = sigismember(&blocked, SIGINT) == 0 || sigismember(&blocked, SIGTERM) == 0;
    }

    std::uint64_t drop_error_rows() override { return 0; }
    void drop_rows_with(std::string_view) override {}
    std::uint64_t begin_run() override { return 1; }
    void add_sample(run_sample const& sample) override { samples.push_back(sample); }
    void end_run(std::uint64_t, std::string_view how, std::optional<stored_run::time_point>) override {
        runs_ended.emplace_back(how);
    }

private:
    scripted_reader reader_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool held_ = false;
    std::string failure_;
    std::size_t begun_ = 0;
};

}
