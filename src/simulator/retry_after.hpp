#pragma once

#include "simulator/message.hpp"

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace allot::simulation {

/// How a Retry-After is written: the forms of RFC 9110 sections 10.2.3 and 5.6.7, one that Graph has used,
/// and what a client has to live with.
enum class retry_after_form {
    seconds,    ///< "3"
    fraction,   ///< "2.128"
    date,       ///< "Sat, 21 Mar 2026 10:17:08 GMT"
    rfc850,     ///< "Saturday, 21-Mar-26 10:17:08 GMT"
    asctime,    ///< "Sat Mar 21 10:17:08 2026"
    two_fields, ///< "1", then the whole in a second field
    negative,   ///< "-3"
    exponent,   ///< "3e0"
    overlong,   ///< more digits than any number type takes
    words,      ///< "later"
    empty,
    past_date, ///< a date before the answer's
    absent,
};

/// The form of that name (the enumerators' own), or nothing.
std::optional<retry_after_form> parse_retry_after_form(std::string_view name) noexcept;
/// All names, as a list in a sentence.
std::string_view retry_after_form_names() noexcept;

/// Replaces the Retry-After of an answer. `rest`: what there is to wait; rounded up where the form is
/// coarser, 1 s at least for whole seconds.
void set_retry_after(
    std::vector<field>& fields, std::chrono::nanoseconds rest, retry_after_form form, instant now);

}
