#pragma once

#include "audit/store/audit_store.hpp"
#include "audit/store/repeat_filter.hpp"
#include "audit/store/sqlite_database.hpp"
#include "audit/store/sqlite_reader.hpp"
#include "audit/store/store_file.hpp"

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
    void begin(audit_identity const& identity) override;
    void add(input_entry const& entry) override;
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
    void insert(stored_row const& row);
    void mark_repeats();

    store_lock lock_;
    std::shared_ptr<sqlite_database> database_;
    sqlite_reader reader_;
    sqlite_statement insert_input_;
    sqlite_statement insert_row_;
    sqlite_statement insert_allotment_;
    sqlite_statement find_allotment_;

    /// Of an input that is being read.
    std::optional<sqlite_transaction> reading_;
    std::optional<repeat_filter> repeats_;
    std::uint64_t entries_ = 0;
};

}
