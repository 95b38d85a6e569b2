#pragma once

#include "audit/input.hpp"

#include <allot/batch.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// What became of one entry of an audit. `ok`, `none` and `not_found` are good, the others are errors.
enum class audit_outcome { ok, none, not_found, forbidden, invalid_input, bad_body, failed };

/// "ok", "none", "not_found", ...
char const* to_string(audit_outcome value) noexcept;

bool is_good(audit_outcome value) noexcept;

/// The name of an error in rows: the enumerator's, e.g. "connection_lost".
char const* error_name(errc value) noexcept;

struct row_error {
    std::string_view code; ///< as `error_name`
    std::string message;   ///< for people; names Graph's code where Graph gave one. Well-formed UTF-8
    std::string_view reason;
};

/// One row of an audit. Lifetimes: a view of the item or entry it was made from.
struct audit_row {
    std::uint64_t position = 0;
    assignment_scope scope = assignment_scope::admin;
    std::string_view principal_id; ///< empty for admin
    std::string_view assignment_id;
    audit_outcome outcome = audit_outcome::failed;
    struct allotment const* allotment = nullptr;
    std::string_view allotment_json; ///< the same, where its JSON is at hand; else empty
    std::optional<row_error> error;  ///< for every outcome but `ok` and `none`
    int http_status = 0;             ///< 0 when no answer arrived
    std::uint32_t attempts = 0;
    std::string_view request_id;
    std::string_view client_request_id;
    std::chrono::nanoseconds duration{};
};

/// The row of a result, under the entry's position in the input.
audit_row make_row(std::uint64_t position, batch_item const& item);

/// The row `invalid_input`.
audit_row make_row(invalid_entry const& entry);

}
