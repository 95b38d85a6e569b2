#pragma once

#include "io/part_answer.hpp"
#include "json/batch_answer.hpp"
#include "json/decode.hpp"
#include "protocol/departure.hpp"
#include "protocol/http_response.hpp"
#include "protocol/retry_state.hpp"
#include "protocol/target.hpp"

#include <allot/assignment_list.hpp>
#include <allot/failure.hpp>
#include <allot/query.hpp>

#include <chrono>
#include <span>
#include <string_view>

namespace allot {

/// Reads the allotment in a 200 or 204; `found` is set if nothing is returned. Errors: `bad_body`,
/// `no_allotment`.
std::optional<failure> read_allotment(
    response_reader const& answer, allotment_decoder& decoder, query const& options,
    std::optional<allotment>& found);
std::optional<failure>
read_allotment(part_answer const& answer, query const& options, std::optional<allotment>& found);

/// The parts of an envelope's answer. Errors: `bad_body`.
result<std::span<batch_part const>>
read_envelope(response_reader const& answer, batch_answer_decoder& decoder);

/// As `read_allotment`, for the page of a list; `target` is what it was asked for with. Its next link can be
/// followed. Errors: as `decode_assignment_page` and `next_link_target`; `bad_body` for 204 and for a next
/// link that leads to `target` again.
std::optional<failure> read_page(
    response_reader const& answer, query const& options, origin const& from, std::string_view target,
    std::optional<assignment_page>& found);

/// What any other answer means, in words and as an `errc`; fills in what the retry decision needs to know.
failure read_refusal(
    response_reader const& answer, origin const& from, std::string_view target, attempt_report& report);
failure
read_refusal(part_answer const& answer, origin const& from, std::string_view target, attempt_report& report);

/// Whether a field says that the content is JSON ("application/json", parameters or not).
bool is_json(std::string_view content_type) noexcept;

/// Which limit x-ms-throttle-scope names: "Tenant_Application/ReadWrite". The ids of application and tenant
/// behind it are left away: they are not for logs. Valid as long as `answer` is not changed.
std::string_view throttle_scope(response_reader const& answer);
std::string_view throttle_scope(part_answer const& answer);

/// Retry-After, measured from the answer's Date.
std::optional<std::chrono::milliseconds> read_retry_after(response_reader const& answer);

/// How a request leaves the throttle gate.
departure departure_of(attempt_report const& report);

/// Adds what a complete answer says about load: its latency, x-ms-resource-unit,
/// x-ms-throttle-limit-percentage, RateLimit-Remaining and -Reset. What is no number in range is left out.
void read_load(response_reader const& answer, std::chrono::nanoseconds latency, departure& how);
void read_load(part_answer const& answer, std::chrono::nanoseconds latency, departure& how);

}
