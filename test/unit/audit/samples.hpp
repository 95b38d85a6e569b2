#pragma once

#include <allot/batch.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace allot::test {

inline exchange_info sample_exchange(int status = 200) {
    exchange_info info;
    info.http_status = status;
    info.attempts = 1;
    info.request_id = "r-1";
    info.client_request_id = "c-1";
    info.duration = std::chrono::microseconds(1'500);
    return info;
}

inline allotment sample_allotment(std::string id = "pool", std::int32_t consumed = 224) {
    allotment value;
    value.id = std::move(id);
    value.allotted_units = 250;
    value.consumed_units = consumed;
    value.assignable_to = assignee_types{3, {}};
    value.sku_part_number = "EXCHANGESTANDARD";
    return value;
}

inline batch_item good_item(
    std::uint64_t position, assignment_ref reference = assignment_ref::admin("a"),
    allotment value = sample_allotment()) {
    return {position, std::move(reference), std::move(value), sample_exchange()};
}

inline failure sample_failure(errc code, int status, end_reason reason = end_reason::permanent) {
    failure why;
    why.code = code;
    why.message = "it did not work";
    why.reason = reason;
    why.exchange = sample_exchange(status);
    return why;
}

inline batch_item
failed_item(std::uint64_t position, failure why, assignment_ref reference = assignment_ref::admin("a")) {
    auto info = why.exchange;
    return {position, std::move(reference), std::move(why), std::move(info)};
}

}
