#pragma once

#include "audit/store/audit_store.hpp"
#include "audit/store/repeat_filter.hpp"
#include "audit/store/sqlite_database.hpp"
#include "audit/store/sqlite_reader.hpp"
#include "audit/store/store_file.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace allot {

/// A store in an SQLite file: write-ahead log, each commit synced to the disk.
class sqlite_store final : public audit_store {
public:
    /// Opens the store, or makes one where there is no file. Errors: `store_error`; an existing file is then
    /// unchanged.
    explicit sqlite_store(std::string const& path);
    ~sqlite_store() override;

    audit_reader& reader() override { return reader_; }
    void begin(audit_identity const& identity, input_kind kind) override;
    void continue_list() override;
    std::uint64_t add(input_entry const& entry) override;
    void add_row(stored_row const& row) override { insert(row); }
    void commit_input(std::string_view next_link) override;
    void end_input(std::string_view digest) override;
    std::int64_t store_allotment(std::string_view json) override;
    void write(std::span<stored_row const> rows) override;
    std::uint64_t drop_error_rows() override;
    void drop_rows_with(std::string_view error_code) override;
    std::uint64_t begin_run() override;
    void add_sample(run_sample const& sample) override;
    void end_run(
        std::uint64_t run, std::string_view how, std::optional<stored_run::time_point> resume_at) override;

private:
    void keep_log();
    void keep_reading();
    void insert(stored_row const& row);
    void find_repeats(std::function<void(std::int64_t first, std::int64_t position)> const& use);
    void mark_repeats();
    void drop_repeats();

    store_lock lock_;
    std::shared_ptr<sqlite_database> database_;
    sqlite_reader reader_;
    sqlite_statement insert_input_;
    sqlite_statement insert_row_;
    sqlite_statement insert_allotment_;
    sqlite_statement find_allotment_;

    /// Of allotments and the rows that follow them: a sync for each allotment would cost more than the rows.
    std::optional<sqlite_transaction> group_;

    /// Of an input that is being read.
    std::optional<sqlite_transaction> reading_;
    std::optional<repeat_filter> repeats_;
    std::uint64_t entries_ = 0;
};

}
