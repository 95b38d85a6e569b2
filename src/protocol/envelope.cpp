#include "protocol/envelope.hpp"

#include "protocol/http_request.hpp"
#include "protocol/target.hpp"

#include <algorithm>
#include <cassert>

namespace allot {
namespace {

constexpr std::string_view begin_of_envelope = R"({"requests":[)";
constexpr std::string_view end_of_envelope = "]}";
// None of their characters has to be escaped in JSON: ids are digits, targets percent-encoded.
constexpr std::string_view before_item_id = R"({"id":")";
constexpr std::string_view before_item_url = R"(","method":"GET","url":")";

}

envelope_writer::envelope_writer(std::string_view throttle_priority) {
    // As `request_template` sends them: fields of the envelope are not those of its requests.
    end_of_item_ = R"(","headers":{"Prefer":"include-unknown-enum-members")";
    if (!throttle_priority.empty()) {
        assert(
            is_field_value(throttle_priority) &&
            throttle_priority.find_first_of("\"\\") == std::string::npos);
        end_of_item_.append(R"(,"x-ms-throttle-priority":")").append(throttle_priority) += '"';
    }
    end_of_item_ += "}}";
}

void envelope_writer::begin() {
    text_.assign(begin_of_envelope);
    separator_ = {};
}

void envelope_writer::add(std::uint64_t id, assignment_ref const& reference, std::string_view encoded_query) {
    assert(id != 0);
    text_.append(separator_).append(before_item_id) += std::to_string(id);
    text_ += before_item_url;
    append_allotment_target(text_, {}, reference, encoded_query);
    text_ += end_of_item_;
    separator_ = ",";
}

std::string_view envelope_writer::finish() {
    return text_ += end_of_envelope;
}

void match_parts(
    std::span<std::uint64_t const> asked, std::span<batch_part const> answered, matched_parts& out) {
    out.problem.clear();
    out.parts.assign(asked.size(), matched_parts::none);
    std::size_t expected = 0; // most answers keep the order
    for (std::size_t at = 0; at != answered.size(); ++at) {
        auto const id = answered[at].id;
        if (expected == asked.size() || asked[expected] != id)
            expected = static_cast<std::size_t>(std::find(asked.begin(), asked.end(), id) - asked.begin());
        if (id == 0 || expected == asked.size()) {
            out.problem = "an answer to a request that was not made";
            return;
        }
        if (out.parts[expected] != matched_parts::none) {
            out.problem = "two answers to the request with id " + std::to_string(id);
            return;
        }
        out.parts[expected++] = at;
    }
}

}
