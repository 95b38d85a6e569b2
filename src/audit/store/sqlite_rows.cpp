#include "audit/store/sqlite_rows.hpp"

#include "audit/store/sqlite_values.hpp"
#include "audit/store/store_error.hpp"
#include "audit/store/stored_id.hpp"

#include <utility>

namespace allot {
namespace {

std::string rows_query(row_order order) {
    return std::string(
               "SELECT i.position, i.scope, i.principal_id, i.assignment_id, r.outcome, r.allotment_key, "
               "r.error_code, r.error_message, r.error_reason, r.http_status, r.attempts, r.request_id, "
               "r.client_request_id, r.duration_us "
               "FROM input i JOIN row r ON r.position = coalesce(i.first_position, i.position) ORDER BY ") +
           (order == row_order::input ? "i.position"
                                      : "i.scope, i.principal_id, i.assignment_id, i.position");
}

}

sqlite_rows::sqlite_rows(std::shared_ptr<sqlite_database> database, row_order order) :
    database_(std::move(database)),
    rows_(database_->prepare(rows_query(order))) {}

audit_row const* sqlite_rows::next() {
    // Another step would begin anew.
    at_end_ = at_end_ || !rows_.step();
    if (at_end_)
        return nullptr;
    read();
    return &row_;
}

void sqlite_rows::read() {
    row_.position = count_of(rows_, 0);
    row_.scope = enumerator<assignment_scope>(rows_, 1, scopes_in_store);
    row_.principal_id = rows_.text(2);
    row_.assignment_id = rows_.text(3);
    row_.outcome = enumerator<audit_outcome>(rows_, 4, outcomes_in_store);
    row_.allotment = nullptr;
    row_.allotment_json = {};
    if (!rows_.is_null(5)) {
        auto const& known = allotment_of(rows_.integer(5));
        row_.allotment = &known.value;
        row_.allotment_json = known.json;
    }
    row_.error.reset();
    if (!rows_.is_null(6))
        row_.error = row_error{rows_.text(6), std::string(rows_.text(7)), rows_.text(8)};
    row_.http_status = static_cast<int>(rows_.integer(9));
    row_.attempts = static_cast<std::uint32_t>(rows_.integer(10));
    row_.request_id = id_text(11, request_id_);
    row_.client_request_id = id_text(12, client_request_id_);
    row_.duration = duration_of<std::chrono::microseconds>(rows_, 13);
}

std::string_view sqlite_rows::id_text(int column, std::string& unpacked) const {
    if (!rows_.is_bytes(column))
        return rows_.text(column);
    unpack_id(unpacked, rows_.bytes(column));
    return unpacked;
}

stored_allotment const& sqlite_rows::allotment_of(std::int64_t key) {
    if (auto const* const known = allotments_.find(key))
        return *known;
    if (!allotment_)
        allotment_ = database_->prepare("SELECT json FROM allotment WHERE key = ?1");
    allotment_->bind(key);
    if (!allotment_->step())
        throw store_error(
            "the store " + database_->name() + " is damaged: it has no allotment " + std::to_string(key));
    auto const& kept = allotments_.keep(key, allotment_->text(0));
    allotment_->reset();
    return kept;
}

}
