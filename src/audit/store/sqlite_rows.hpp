#pragma once

#include "audit/store/allotment_texts.hpp"
#include "audit/store/audit_reader.hpp"
#include "audit/store/sqlite_database.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// Reads the rows of a store. Those in the order of references are sorted by SQLite, in temporary files where
/// they are many. Thread safety: shared: unsafe, with all who use its database.
class sqlite_rows final : public row_cursor {
public:
    sqlite_rows(std::shared_ptr<sqlite_database> database, row_order order);

    audit_row const* next() override;

private:
    void read();
    std::string_view id_text(int column, std::string& unpacked) const;
    stored_allotment const& allotment_of(std::int64_t key);

    std::shared_ptr<sqlite_database> database_;
    sqlite_statement rows_;
    std::optional<sqlite_statement> allotment_; ///< prepared when it is needed
    allotment_texts allotments_;
    audit_row row_;
    std::string request_id_;
    std::string client_request_id_;
    bool at_end_ = false;
};

}
