// Stores that somebody else wrote or damaged: read, exported, reported on and gone on with, or refused in
// words. The first byte chooses: the rest is the file as it is, or says what to write into the columns of a
// good one, past what SQLite itself checks.
#include "audit/report/write_report.hpp"
#include "audit/row_writers.hpp"
#include "audit/store/open.hpp"
#include "audit/store/store_error.hpp"
#include "audit/summary.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <string_view>

namespace {

using namespace allot;

void expect(bool condition) {
    if (!condition)
        std::abort();
}

/// In memory where the system has such a file system: a commit waits for the disk otherwise.
struct scratch {
    scratch() {
        std::filesystem::path const memory = "/dev/shm";
        auto const parent =
            std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
        auto name = (parent / "allot-fuzz-XXXXXX").string();
        expect(::mkdtemp(name.data()) != nullptr);
        folder = name;
    }
    ~scratch() { std::filesystem::remove_all(folder); }

    std::string path() const { return (folder / "store.db").string(); }
    void write(std::string_view bytes) const {
        for (auto const* const beside : {"-wal", "-shm", "-journal"})
            std::filesystem::remove(path() + beside);
        std::ofstream(path(), std::ios::binary | std::ios::trunc)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
    std::filesystem::path folder;
};

scratch const& place() {
    static scratch const made;
    return made;
}

stored_row row_at(std::uint64_t position, audit_outcome outcome) {
    stored_row row;
    row.position = position;
    row.outcome = outcome;
    row.http_status = 200;
    row.attempts = 1;
    row.request_id = stored_id("405ee855-dd74-f695-8d7e-be35a6788fe8");
    return row;
}

/// An audit that was stopped in its midst: two rows, three references pending, one of them there twice.
std::string make_good_store() {
    std::filesystem::remove(place().path());
    {
        auto const store = open_store(place().path());
        store->begin({"ids", {{"tenant", "t"}}}, input_kind::file);
        for (auto const* const id : {"a", "b", "c", "d", "c"})
            store->add(assignment_ref::admin(id));
        store->add(assignment_ref::user("u", "e"));
        store->end_input("digest");
        auto const run = store->begin_run();
        auto found = row_at(1, audit_outcome::ok);
        found.allotment_key = store->store_allotment(R"({"id":"x","allottedUnits":2,"consumedUnits":1})");
        auto failed = row_at(2, audit_outcome::failed);
        failed.error_code = "server_error";
        failed.error_message = "it did not work";
        failed.error_reason = "attempts";
        std::array const rows{found, failed};
        store->write(rows);
        run_sample sample;
        sample.run = run;
        sample.at = stored_run::time_point(std::chrono::hours(500'000));
        sample.rows = 2;
        store->add_sample(sample);
        store->end_run(run, "signal", std::nullopt);
    }
    std::ifstream file(place().path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct bytes_left {
    std::string_view text;
    std::uint8_t byte() {
        if (text.empty())
            return 0;
        auto const value = static_cast<std::uint8_t>(text.front());
        text.remove_prefix(1);
        return value;
    }
    std::string_view take(std::size_t size) {
        auto const value = text.substr(0, size);
        text.remove_prefix(value.size());
        return value;
    }
};

constexpr std::array columns{
    "audit.input_name",
    "audit.input_digest",
    "audit.input_ended",
    "audit.next_link",
    "audit.inputs",
    "audit.distinct_inputs",
    "option.value",
    "input.position",
    "input.scope",
    "input.principal_id",
    "input.assignment_id",
    "input.first_position",
    "input.repeats",
    "allotment.key",
    "allotment.json",
    "row.position",
    "row.outcome",
    "row.allotment_key",
    "row.error_code",
    "row.error_message",
    "row.error_reason",
    "row.http_status",
    "row.attempts",
    "row.request_id",
    "row.client_request_id",
    "row.duration_us",
    "run.number",
    "run.started",
    "run.ended",
    "run.end",
    "run.resume_at",
    "run.requests",
    "run.retries",
    "run.throttled",
    "run.held_ms",
    "sample.at",
    "sample.run",
    "sample.rows",
    "sample.requests",
    "sample.retries",
    "sample.throttled",
    "sample.held_ms",
    "sample.in_flight"};

/// One column of one row becomes a number, a text, bytes or null; what SQLite refuses stays as it was.
void change_one(sqlite3* database, bytes_left& from) {
    std::string_view const column = columns[from.byte() % columns.size()];
    auto const dot = column.find('.');
    std::string const table(column.substr(0, dot));
    std::string const name(column.substr(dot + 1));
    auto const offset = std::to_string(from.byte() % 6);
    auto const id = table == "option" ? "name" : "rowid";
    auto const sql = "UPDATE " + table + " SET \"" + name + "\" = ?1 WHERE " + id + " = (SELECT " + id +
                     " FROM " + table + " LIMIT 1 OFFSET " + offset + ")";
    sqlite3_stmt* statement = nullptr;
    expect(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    auto const kind = from.byte();
    auto const text = from.take(kind % 4 == 0 ? 8 : kind / 4);
    std::int64_t number = 0;
    std::memcpy(&number, text.data(), std::min(text.size(), sizeof(number)));
    auto const size = static_cast<int>(text.size());
    if (kind % 4 == 0)
        sqlite3_bind_int64(statement, 1, number);
    else if (kind % 4 == 1)
        sqlite3_bind_text(statement, 1, text.data(), size, SQLITE_STATIC);
    else if (kind % 4 == 2)
        sqlite3_bind_blob(statement, 1, text.data(), size, SQLITE_STATIC);
    sqlite3_step(statement);
    sqlite3_finalize(statement);
}

void write_changed(std::string_view how) {
    static auto const good = make_good_store();
    place().write(good);
    sqlite3* database = nullptr;
    expect(sqlite3_open(place().path().c_str(), &database) == SQLITE_OK);
    sqlite3_exec(
        database, "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; BEGIN", nullptr, nullptr, nullptr);
    bytes_left from{how};
    for (int changes = 0; changes != 8 && !from.text.empty(); ++changes)
        change_one(database, from);
    sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
    sqlite3_close(database);
}

/// What the commands that only read make of it.
void read_all() {
    auto const reader = open_stored_audit(place().path());
    reader->walk();
    reader->counts();
    std::string out;
    audit_summary summary;
    for (auto const order : {row_order::input, row_order::reference})
        reader->for_each_row(order, [&](audit_row const& row) {
            append_ndjson(out, row);
            append_csv(out, row);
            summary.add(row);
        });
    summary_table(summary, reader->counts().inputs, {}, {}, {});
    write_report(read_report_data(*reader), {}, [&](std::string_view piece) { out += piece; });
}

/// What a run that goes on with it does, without asking anybody.
void go_on() {
    auto const store = open_store(place().path());
    auto& reader = store->reader();
    if (!reader.identity())
        return;
    if (reader.phase() == audit_phase::reading) {
        if (reader.walk())
            store->continue_list();
        else
            store->begin({"ids", {}}, input_kind::file);
        store->add(assignment_ref::admin("f"));
        store->end_input({});
    }
    store->drop_error_rows();
    auto const run = store->begin_run();
    std::uint64_t after = 0;
    // Each pass gets further: 100 are more than a store of this size has.
    for (int passes = 0;; ++passes) {
        expect(passes != 100);
        auto const pending = reader.pending(after, 2);
        if (pending.empty())
            break;
        for (auto const& each : pending) {
            expect(each.position > after);
            after = each.position;
            auto const row = row_at(each.position, audit_outcome::none);
            store->write({&row, 1});
        }
    }
    store->end_run(run, "complete", std::nullopt);
}

template <class Work>
void attempt(Work work) {
    try {
        work();
    } catch (store_error const& error) {
        expect(std::strlen(error.what()) > 0);
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    std::string_view const rest(reinterpret_cast<char const*>(data) + 1, size - 1);
    if (data[0] % 2 == 0)
        place().write(rest);
    else
        write_changed(rest);
    attempt(read_all);
    attempt(go_on);
    attempt(read_all);
    return 0;
}
