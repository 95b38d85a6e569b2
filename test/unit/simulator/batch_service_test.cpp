#include "service_bench.hpp"

#include <algorithm>
#include <cstdint>
#include <map>

namespace allot::simulation {
namespace {

namespace json = boost::json;
using ending = transmission::ending;

struct batches : bench {
    explicit batches(std::string_view text = "{}") : bench(text) { log_in(); }

    /// The allotments of so many assignments, by ids from "1" on.
    request envelope(std::size_t count, std::string const& query = "") const {
        std::string body;
        for (std::size_t each = 0; each != count; ++each)
            body += (each == 0 ? R"({"id": ")" : R"(, {"id": ")") + std::to_string(each + 1) +
                    R"(", "method": "GET", "url": "/admin/cloudLicensing/assignments/)" +
                    data.assignments()[each].id + "/allotment" + query + R"("})";
        return post(R"({"requests": [)" + body + "]}");
    }

    request post(std::string body) const {
        return {
            "POST",
            "/beta/$batch",
            {{"Host", "h"}, {"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}},
            std::move(body),
            true};
    }

    json::array responses(request const& what) {
        auto const got = parse_answer(ask(what).bytes);
        BOOST_TEST_REQUIRE(got.status == 200u);
        return json::parse(got.body).at("responses").as_array();
    }

    /// Ids and statuses of the answer, sorted by id.
    std::map<std::string, std::int64_t> statuses(request const& what) {
        std::map<std::string, std::int64_t> out;
        for (auto const& each : responses(what))
            out[std::string(each.at("id").as_string())] = each.at("status").as_int64();
        return out;
    }
};

std::string order_of(json::array const& responses) {
    std::string out;
    for (auto const& each : responses)
        out += std::string(each.at("id").as_string()) + ' ';
    return out;
}

BOOST_AUTO_TEST_SUITE(batch_service)

BOOST_AUTO_TEST_CASE(items_get_what_requests_get) {
    batches it;
    auto const all = it.responses(it.envelope(20));
    BOOST_TEST_REQUIRE(all.size() == 20u);
    for (auto const& each : all) {
        auto const at = std::stoul(std::string(each.at("id").as_string())) - 1;
        BOOST_TEST(each.at("status").as_int64() == 200);
        auto const& own = it.data.assignments()[at];
        BOOST_TEST(
            std::string_view(each.at("body").at("value").at("id").as_string()) ==
            it.data.allotments()[*own.allotment].id);
    }
    auto const seen = it.notes.stats();
    BOOST_TEST(seen.requests == 1u);
    BOOST_TEST(seen.batch_items == 20u);
    BOOST_TEST(seen.units == 20u);
    BOOST_TEST(it.last().units == 20);
    BOOST_TEST(
        it.last().items[2].target ==
        "/beta/admin/cloudLicensing/assignments/" + it.data.assignments()[2].id + "/allotment");
}

BOOST_AUTO_TEST_CASE(answers_in_another_order_by_seed) {
    batches one;
    batches same;
    auto const first = order_of(one.responses(one.envelope(20)));
    BOOST_TEST(first == order_of(same.responses(same.envelope(20))));
    BOOST_TEST(first != order_of(one.responses(one.envelope(20))));
    BOOST_TEST(!first.starts_with("1 2 3 4 5 "));
}

BOOST_AUTO_TEST_CASE(names_of_fields_come_in_both_cases) {
    batches it;
    bool lower = false;
    bool upper = false;
    for (auto const& each : it.responses(it.envelope(20))) {
        lower = lower || each.at("headers").as_object().contains("odata-version");
        upper = upper || each.at("headers").as_object().contains("OData-Version");
    }
    BOOST_TEST(lower);
    BOOST_TEST(upper);
}

BOOST_AUTO_TEST_CASE(some_succeed_some_fail_some_are_throttled) {
    batches it(R"({"throttle": {"per_second": 1, "burst": 4, "retry_after": 7},
                   "rules": [{"match": {"item": true, "nth": [2]}, "do": {"status": 503, "retry_after": 2}}]})");
    auto what = it.envelope(6);
    // The third is not there.
    auto const id = it.data.assignments()[2].id;
    what.body.replace(what.body.find(id), id.size(), "none");
    std::map<std::string, std::int64_t> found;
    for (auto const& each : it.responses(what)) {
        auto const status = each.at("status").as_int64();
        found[std::string(each.at("id").as_string())] = status;
        std::string hint;
        for (auto const& field : each.at("headers").as_object())
            if (same_name(field.key(), "Retry-After"))
                hint = field.value().as_string();
        BOOST_TEST(hint == (status == 429 ? "7" : status == 503 ? "2" : ""));
        if (status >= 400)
            BOOST_TEST(
                each.at("body").at("error").at("innerError").at("request-id").as_string().size() == 36u);
    }
    BOOST_TEST(
        (found == std::map<std::string, std::int64_t>{
                      {"1", 200}, {"2", 503}, {"3", 404}, {"4", 200}, {"5", 429}, {"6", 429}}));
    BOOST_TEST(it.last().items[1].rule.value() == 0u);
    BOOST_TEST(it.last().items[4].throttled);
    BOOST_TEST(!it.last().items[4].early);
    BOOST_TEST(it.last().status == 200u);
    it.clock = 2s;
    it.responses(it.envelope(3));
    auto const seen = it.notes.stats();
    BOOST_TEST(seen.throttled == 5u);
    BOOST_TEST(seen.early == 3u);
    BOOST_TEST(seen.units == 4u);
    BOOST_TEST((seen.by_status == std::map<unsigned, std::uint64_t>{{200, 2}}));
    BOOST_TEST(it.last().early);
}

BOOST_AUTO_TEST_CASE(an_envelope_with_a_price_meets_the_throttle) {
    batches it(R"({"throttle": {"per_second": 1, "burst": 5, "cost": {"batch": 2}}})");
    BOOST_TEST((it.statuses(it.envelope(2)) == std::map<std::string, std::int64_t>{{"1", 200}, {"2", 200}}));
    BOOST_TEST(it.last().units == 4);
    auto const got = parse_answer(it.ask(it.envelope(2)).bytes);
    BOOST_TEST(got.status == 429u);
    BOOST_TEST(got["Retry-After"] == "10");
    BOOST_TEST(it.notes.stats().batch_items == 2u);
}

BOOST_AUTO_TEST_CASE(rules_see_the_envelope_and_its_items) {
    batches it(R"({"rules": [
        {"match": {"path": "batch$", "nth": [1]}, "do": {"status": 503}},
        {"match": {"path": "batch$", "nth": [2]}, "do": {"reset": true}},
        {"match": {"path": "/allotment$", "item": true, "nth": [4]}, "do": {"delay_ms": 300, "headers": {"X": "1"}}},
        {"match": {"path": "/allotment$"}, "do": {"reset": true}}]})");
    BOOST_TEST(parse_answer(it.ask(it.envelope(2)).bytes).status == 503u);
    BOOST_TEST(it.last().items.empty());
    BOOST_TEST((it.ask(it.envelope(2)).end == ending::reset));
    auto const sent = it.ask(it.envelope(2));
    BOOST_TEST((sent.end == ending::keep_alive));
    BOOST_TEST((sent.delay == 300ms));
    BOOST_TEST(sent.bytes.find("1\"}") != std::string::npos);
    BOOST_TEST(it.last().items[1].rule.value() == 2u);
}

BOOST_AUTO_TEST_CASE(missing_doubled_and_unknown_ids) {
    batches it(R"({"rules": [{"match": {"nth": [2]}, "do": {"item_answer": "missing"}},
                             {"match": {"nth": [2]}, "do": {"item_answer": "doubled"}},
                             {"match": {"nth": [4]}, "do": {"item_answer": "unknown_id", "status": 404}}]})");
    auto ids = std::vector<std::string>();
    for (auto const& each : it.responses(it.envelope(5)))
        ids.emplace_back(each.at("id").as_string());
    std::sort(ids.begin(), ids.end());
    BOOST_TEST((ids == std::vector<std::string>{"1", "3", "5", "unknown-4"}));
    batches other(R"({"rules": [{"match": {"nth": [2]}, "do": {"item_answer": "doubled"}}]})");
    BOOST_TEST(other.responses(other.envelope(3)).size() == 4u);
}

BOOST_AUTO_TEST_CASE(what_depends_on_a_failed_item_is_not_asked) {
    batches it;
    auto const url = R"(/admin/cloudLicensing/assignments/)" + it.data.assignments()[0].id;
    auto const body = R"({"requests": [{"id": "1", "method": "GET", "url": ")" + url +
                      R"(", "dependsOn": ["2"]}, {"id": "2", "method": "GET", "url": "/nowhere"}]})";
    BOOST_TEST((it.statuses(it.post(body)) == std::map<std::string, std::int64_t>{{"1", 424}, {"2", 400}}));
    BOOST_TEST(it.notes.stats().units == 0u);
}

BOOST_AUTO_TEST_CASE(envelopes_that_are_refused) {
    batches it;
    BOOST_TEST(parse_answer(it.ask(it.post("{")).bytes).status == 400u);
    auto get = it.post("");
    get.method = "GET";
    auto const got = parse_answer(it.ask(get).bytes);
    BOOST_TEST(got.status == 405u);
    BOOST_TEST(got["Allow"] == "POST");
    auto stranger = it.envelope(1);
    stranger.fields[1].value = "Bearer wrong";
    BOOST_TEST(parse_answer(it.ask(stranger).bytes).status == 401u);
    auto old = it.envelope(1);
    old.target = "/v1.0/$batch";
    BOOST_TEST((it.statuses(old) == std::map<std::string, std::int64_t>{{"1", 400}}));
    auto nested = it.post(R"({"requests": [{"id": "1", "method": "POST", "url": "/$batch"}]})");
    BOOST_TEST((it.statuses(nested) == std::map<std::string, std::int64_t>{{"1", 405}}));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
