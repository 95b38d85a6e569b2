#pragma once

#include "audit/store/audit_store.hpp"
#include "audit/store/open.hpp"
#include "audit/store/store_error.hpp"
#include "unit/audit/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace allot::test {

/// For BOOST_CHECK_EXCEPTION: the error says this.
inline auto says(std::string part) {
    return [part = std::move(part)](store_error const& error) {
        BOOST_TEST(std::string(error.what()).find(part) != std::string::npos, error.what());
        return true;
    };
}

inline invalid_entry
sample_invalid(std::uint64_t position, std::string id, assignment_scope scope = assignment_scope::admin) {
    invalid_entry entry;
    entry.position = position;
    entry.line = position;
    entry.scope = scope;
    entry.assignment_id = std::move(id);
    entry.problem = "line " + std::to_string(position) + ": no";
    return entry;
}

inline stored_row sample_row(std::uint64_t position, audit_outcome outcome = audit_outcome::ok) {
    stored_row row;
    row.position = position;
    row.outcome = outcome;
    if (!is_good(outcome) || outcome == audit_outcome::not_found) {
        row.error_code = "server_error";
        row.error_message = "it did not work";
        row.error_reason = "attempts";
    }
    row.http_status = 200;
    row.attempts = 1;
    return row;
}

inline void write_row(audit_store& store, stored_row const& row) {
    store.write({&row, 1});
}

/// "POSITION SCOPE [PRINCIPAL] ID [+REPEATS]" of each.
inline std::vector<std::string> texts_of(std::vector<pending_reference> const& pending) {
    std::vector<std::string> out;
    for (auto const& [position, repeats, reference] : pending) {
        auto text = std::to_string(position) + ' ' + to_string(reference.scope());
        if (reference.scope() != assignment_scope::admin)
            text += ' ' + reference.principal_id();
        text += ' ' + reference.assignment_id();
        if (repeats != 0)
            text += " +" + std::to_string(repeats);
        out.push_back(std::move(text));
    }
    return out;
}

/// A store in a folder of its own.
struct store_fixture {
    scratch_folder folder;
    std::string const path = folder / "store.db";
    std::unique_ptr<audit_store> store = open_store(path);

    audit_reader& reader() const { return store->reader(); }

    void reopen() {
        store.reset();
        store = open_store(path);
    }

    /// Reads an input from its beginning to its end.
    void read(std::vector<input_entry> const& entries, std::string const& digest = "d1") const {
        store->begin({"ids", {}}, input_kind::file);
        for (auto const& entry : entries)
            store->add(entry);
        store->end_input(digest);
    }

    std::vector<std::string> pending(std::uint64_t after = 0, std::size_t most = 1'000) const {
        return texts_of(reader().pending(after, most));
    }
};

}
