// Makes a store with a finished audit, straight through the store's own layer: no requests are sent.
#include "audit/store/open.hpp"
#include "json/encode.hpp"

#include <cstdint>
#include <cstdio>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace allot;

constexpr std::size_t allotments = 54;
constexpr std::size_t rows_per_write = 1'000;

class draws {
public:
    explicit draws(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t below(std::uint64_t end) { return engine_() % end; }

    std::string id() {
        std::string out(52, 'a');
        for (auto& each : out)
            each = "abcdefghijklmnopqrstuvwxyz234567"[below(32)];
        return out;
    }

    std::string guid_text() {
        std::string out = "00000000-0000-0000-0000-000000000000";
        for (auto& each : out)
            if (each != '-')
                each = "0123456789abcdef"[below(16)];
        return out;
    }

private:
    std::mt19937_64 engine_;
};

assignment_ref reference(std::uint64_t number, draws& drawn) {
    if (number % 3 == 0)
        return assignment_ref::admin(drawn.id());
    return number % 3 == 1 ? assignment_ref::user(drawn.guid_text(), drawn.id())
                           : assignment_ref::group(drawn.guid_text(), drawn.id());
}

std::string allotment_json(std::size_t number, std::int32_t more_consumed, draws& drawn) {
    allotment value;
    value.id = drawn.id();
    value.allotted_units = 2'000;
    value.consumed_units = static_cast<std::int32_t>(number * 37) + more_consumed;
    value.assignable_to = assignee_types{3, {}};
    value.sku_part_number = "SKU_" + std::to_string(number / 2);
    value.services.emplace();
    for (std::size_t plan = 0; plan != 1 + number % 8; ++plan) {
        service each;
        each.assignable_to = assignee_types{3, {}};
        each.plan_name = "PLAN_OF_A_COMMON_LENGTH_" + std::to_string(plan);
        value.services->push_back(std::move(each));
    }
    std::string json;
    append_json(json, value);
    return json;
}

stored_row row(std::uint64_t position, std::vector<std::int64_t> const& keys, draws& drawn) {
    stored_row out;
    out.position = position;
    out.outcome = audit_outcome::ok;
    out.allotment_key = keys[drawn.below(keys.size())];
    out.http_status = 200;
    out.attempts = 1;
    out.request_id = stored_id(drawn.guid_text());
    out.client_request_id = stored_id(drawn.guid_text());
    out.duration = std::chrono::microseconds(20'000 + drawn.below(90'000));
    if (position % 100 == 0) {
        out.outcome = audit_outcome::not_found;
        out.allotment_key.reset();
        out.http_status = 404;
        out.error_code = "not_found";
        out.error_message = "no assignment has this id (Graph's code: Request_ResourceNotFound)";
        out.error_reason = "permanent";
    }
    return out;
}

}

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: bench_stored_audit DB COUNT MORE_CONSUMED\n";
        return 2;
    }
    auto const count = std::stoull(argv[2]);
    auto const store = open_store(argv[1]);
    draws inputs(1);
    store->begin({"ids.txt", {}}, input_kind::file);
    for (std::uint64_t position = 1; position <= count; ++position)
        store->add(reference(position, inputs));
    store->end_input("");
    draws outcomes(2);
    std::vector<std::int64_t> keys;
    for (std::size_t number = 0; number != allotments; ++number)
        keys.push_back(store->store_allotment(allotment_json(number, std::stoi(argv[3]), outcomes)));
    auto const run = store->begin_run();
    std::vector<stored_row> rows;
    for (std::uint64_t position = 1; position <= count; ++position) {
        rows.push_back(row(position, keys, outcomes));
        if (rows.size() == rows_per_write || position == count) {
            store->write(rows);
            rows.clear();
        }
    }
    store->end_run(run, "complete", std::nullopt);
}
