#include "simulator/batch_request.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace allot::simulation {
namespace {

request envelope(std::string body, std::string type = "application/json; charset=utf-8") {
    return {
        "POST", "/beta/$batch", {{"Host", "h"}, {"Content-Type", std::move(type)}}, std::move(body), true};
}

std::string requests(std::string const& items) {
    return R"({"requests": [)" + items + "]}";
}

std::string item(std::string const& id, std::string const& more = "") {
    return R"({"id": ")" + id + R"(", "method": "GET", "url": "/users")" + more + '}';
}

std::vector<batch_item> good(std::string const& items) {
    auto parsed = parse_batch(envelope(requests(items)));
    auto const* const problem = std::get_if<batch_problem>(&parsed);
    BOOST_TEST_REQUIRE(problem == nullptr, (problem ? problem->message : ""));
    return std::get<std::vector<batch_item>>(std::move(parsed));
}

void check_problem(request const& what, std::string_view message) {
    BOOST_TEST_CONTEXT(what.body) {
        auto const parsed = parse_batch(what);
        auto const* const problem = std::get_if<batch_problem>(&parsed);
        BOOST_TEST_REQUIRE(problem != nullptr);
        BOOST_TEST(problem->message.find(message) != std::string::npos, problem->message);
    }
}

BOOST_AUTO_TEST_SUITE(batch_request_suite)

BOOST_AUTO_TEST_CASE(paths) {
    for (auto const* path : {"/beta/$batch", "/v1.0/$batch", "/beta/%24batch"})
        BOOST_TEST(is_batch_path(path));
    for (auto const* path : {"/$batch", "/beta/$batch/", "/beta/a/$batch", "/beta/batch", "/beta", ""})
        BOOST_TEST(!is_batch_path(path));
}

BOOST_AUTO_TEST_CASE(items_become_requests) {
    auto const read = good(
        R"({"id": "1", "method": "GET", "url": "/users/a?$select=id", "headers": {"Prefer": "x", "client-request-id": "c"}},
           {"id": "b", "method": "POST", "url": "me", "headers": {"content-type": "application/json"}, "body": {"a": 1}})");
    BOOST_TEST_REQUIRE(read.size() == 2u);
    BOOST_TEST(read[0].id == "1");
    BOOST_TEST(read[0].what.method == "GET");
    BOOST_TEST(read[0].what.target == "/beta/users/a?$select=id");
    BOOST_TEST(read[0].what.find("prefer").value() == "x");
    BOOST_TEST(read[0].what.find("Host").value() == "h");
    BOOST_TEST(read[0].depends_on.empty());
    BOOST_TEST(read[1].what.target == "/beta/me");
    BOOST_TEST(read[1].what.body == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(twenty_and_no_more) {
    std::string items;
    for (int each = 1; each <= 20; ++each)
        items += (each == 1 ? "" : ",") + item(std::to_string(each));
    BOOST_TEST(good(items).size() == 20u);
    check_problem(envelope(requests(items + ',' + item("21"))), "exceeds the maximum value of 20");
}

BOOST_AUTO_TEST_CASE(whole_batches_that_are_refused) {
    std::pair<std::string, std::string_view> const bodies[] = {
        {"", "Unable to read JSON"},
        {"{", "Unable to read JSON"},
        {"[]", "an object with a list 'requests'"},
        {"{}", "an object with a list 'requests'"},
        {R"({"requests": {}})", "an object with a list 'requests'"},
        {requests(""), "not empty"},
        {requests("1"), "at position 0 is not an object"},
        {requests(R"({"method": "GET", "url": "/a"})"), "at position 0 has no text 'id'"},
        {requests(R"({"id": 1, "method": "GET", "url": "/a"})"), "has no text 'id'"},
        {requests(R"({"id": "1", "url": "/a"})"), "has no text 'method'"},
        {requests(R"({"id": "1", "method": "GET", "url": ""})"), "has no text 'url'"},
        {requests(item("a") + ',' + item("A")), "'A' is used twice"},
        {requests(item("1", R"(, "headers": [])")), "not an object"},
        {requests(item("1", R"(, "headers": {"X": 1})")), "'X' of a batch request is not a text"},
        {requests(item("1", R"(, "body": {})")), "no 'Content-Type' header"},
    };
    for (auto const& [body, message] : bodies)
        check_problem(envelope(body), message);
    check_problem(envelope(requests(item("1")), "text/plain"), "must be application/json");
    auto packed = envelope(requests(item("1")));
    packed.fields.push_back({"Content-Encoding", "gzip"});
    check_problem(packed, "Unable to read JSON");
}

BOOST_AUTO_TEST_CASE(dependencies) {
    auto const on = [](std::string const& id, std::string const& names) {
        return item(id, R"(, "dependsOn": [)" + names + ']');
    };
    auto const serial = good(item("1") + ',' + on("2", "\"1\"") + ',' + on("3", "\"2\""));
    BOOST_TEST((serial[2].depends_on == std::vector<std::size_t>{1}));
    auto const same = good(on("1", "\"B\"") + ',' + item("b") + ',' + on("3", "\"b\""));
    BOOST_TEST((same[0].depends_on == std::vector<std::size_t>{1}));
    good(item("1") + ',' + on("2", ""));
    for (auto const& items : {
             item("1") + ',' + item("2") + ',' + on("3", "\"1\""),
             item("1") + ',' + on("2", "\"1\"") + ',' + on("3", "\"1\", \"2\""),
             on("1", "\"2\"") + ',' + on("2", "\"1\""),
             item("1") + ',' + on("2", "\"3\"") + ',' + on("3", "\"2\""),
         })
        check_problem(envelope(requests(items)), "'dependsOn' must be");
    for (auto const& items : {on("1", "\"1\""), on("1", "\"x\""), on("1", "1")})
        check_problem(envelope(requests(items)), "not another one of the batch");
    check_problem(envelope(requests(item("1", R"(, "dependsOn": "1")"))), "is not a list");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
