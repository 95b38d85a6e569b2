#pragma once

#include "audit/row.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <vector>

namespace allot {

/// What the report's table shows of a row; long texts are cut.
struct kept_row {
    static constexpr std::size_t no_pool = std::numeric_limits<std::size_t>::max();

    std::uint64_t position = 0;
    assignment_scope scope = assignment_scope::admin;
    audit_outcome outcome = audit_outcome::failed;
    std::size_t pool = no_pool; ///< in `report_data::pools`
    int http_status = 0;
    std::uint32_t attempts = 0;
    std::int64_t milliseconds = 0;
    std::string principal_id;
    std::string assignment_id;
    std::string error_code; ///< this and the next two: of error rows and `not_found`
    std::string message;
    std::string request_id;

    std::size_t text_size() const noexcept;
};

struct kept_rows_limits {
    std::size_t rows = 200'000;
    std::size_t text_bytes = 64 * 1'048'576;
};

/// The rows a bounded table has room for: the more a row asks for attention the longer it stays. Errors come
/// first, then `not_found`, `none`, and the rest; among equals the earlier position stays.
/// Preconditions: rows come by position. Thread safety: shared: unsafe.
class kept_rows {
public:
    explicit kept_rows(kept_rows_limits const& limits) : limits_(limits) {}

    void add(audit_row const& row, std::size_t pool);

    bool dropped() const noexcept { return dropped_; }

    /// In the order of attention.
    std::vector<kept_row> take();

private:
    static constexpr std::size_t classes = 7; // one for each outcome

    bool has_room() const noexcept { return rows_ <= limits_.rows && text_bytes_ <= limits_.text_bytes; }
    void drop_last();

    kept_rows_limits limits_;
    std::array<std::deque<kept_row>, classes> by_attention_;
    std::size_t rows_ = 0;
    std::size_t text_bytes_ = 0;
    std::size_t full_from_ = classes; // classes from here on take no more
    bool dropped_ = false;
};

}
