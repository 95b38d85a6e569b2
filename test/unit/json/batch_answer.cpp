#include "json/batch_answer.hpp"

#include "helpers.hpp"

#include <string>
#include <vector>

using allot::batch_answer_decoder;
using allot::batch_part;
using allot_test::error_of;

namespace {

std::string const entity = R"({"id":"a","allottedUnits":2,"consumedUnits":1})";

std::string envelope(std::string const& parts) {
    return R"({"responses":[)" + parts + "]}";
}

// "id ID", "none", or the error; of the first part.
std::string first_body(std::string const& part) {
    batch_answer_decoder decoder;
    auto const body = envelope(part);
    auto const parts = decoder.decode(body);
    BOOST_REQUIRE_MESSAGE(parts, error_of(parts));
    auto const found = decoder.allotment_of(0, {});
    if (!found)
        return error_of(found);
    return *found ? "id " + (*found)->id.value_or("-") : "none";
}

std::string problem(std::string const& body) {
    batch_answer_decoder decoder;
    return error_of(decoder.decode(body));
}

}

BOOST_AUTO_TEST_SUITE(batch_answers)

BOOST_AUTO_TEST_CASE(the_documented_answer) {
    batch_answer_decoder decoder;
    auto const body = allot_test::fixture("batch-response-mixed.json");
    auto const parts = decoder.decode(body);
    BOOST_REQUIRE_MESSAGE(parts, error_of(parts));
    BOOST_TEST_REQUIRE(parts->size() == 5u);
    std::uint64_t const ids[] = {3, 1, 5, 2, 4};
    int const statuses[] = {429, 200, 200, 404, 503};
    for (std::size_t at = 0; at != 5; ++at) {
        BOOST_TEST((*parts)[at].id == ids[at]);
        BOOST_TEST((*parts)[at].status == statuses[at]);
        BOOST_TEST((*parts)[at].fields.size() >= 2u);
        BOOST_TEST(((*parts)[at].body == batch_part::body_kind::json));
    }
    BOOST_TEST(parts->front().fields.front().name == "Retry-After");
    BOOST_TEST(parts->front().fields.front().value == "7");
    BOOST_TEST(decoder.error_of(0)->message == "Please retry again later.");
    BOOST_TEST(*decoder.allotment_of(1, {}).value()->id == "551f1755-0184-9e51-0bc7-f32bae5a1afb");
    BOOST_TEST(decoder.allotment_of(2, {}).value()->services->size() == 4u);
    BOOST_TEST(decoder.error_of(3)->code == "Request_ResourceNotFound");
    BOOST_TEST(!decoder.error_of(1));
}

BOOST_AUTO_TEST_CASE(ids_are_what_a_writer_of_ours_makes_or_0) {
    for (auto const& [text, id] : std::initializer_list<std::pair<char const*, std::uint64_t>>{
             {"1", 1},
             {"18446744073709551615", UINT64_MAX},
             {"18446744073709551616", 0},
             {"0", 0},
             {"01", 0},
             {"+1", 0},
             {"-1", 0},
             {" 1", 0},
             {"1 ", 0},
             {"", 0},
             {"1a", 0},
             {"1.0", 0}}) {
        batch_answer_decoder decoder;
        auto const body = envelope(std::string(R"({"id":")") + text + R"(","status":204})");
        auto const parts = decoder.decode(body);
        BOOST_REQUIRE_MESSAGE(parts, error_of(parts));
        BOOST_TEST(parts->front().id == id, text);
        BOOST_TEST((parts->front().body == batch_part::body_kind::none));
        BOOST_TEST(parts->front().fields.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_bad_body_is_the_fault_of_its_own_request) {
    std::string const head = R"({"id":"1","status":200,"body":)";
    BOOST_TEST(first_body(head + entity + "}") == "id a");
    BOOST_TEST(first_body(head + R"({"value":)" + entity + "}}") == "id a");
    BOOST_TEST(first_body(head + "null}") == "none");
    BOOST_TEST(first_body(head + "[]}") == "in the document: expected an object, found an array");
    BOOST_TEST(first_body(head + R"("PGh0bWw+"})").starts_with("in the document: expected an object, found"));
    BOOST_TEST(first_body(R"({"id":"1","status":200})") == "in the document: expected a body, found none");
    BOOST_TEST(first_body(head + R"({"id":1}})").starts_with("at /allottedUnits") == true);
}

BOOST_AUTO_TEST_CASE(unknown_members_and_fields_that_are_no_text_are_passed_over) {
    batch_answer_decoder decoder;
    auto const parts = decoder.decode(
        R"({"@odata.context":"x","responses":[{"atomicityGroup":"g","headers":{"A":1,"b":"2","C":null},"status":204,)"
        R"("id":"7"},{"id":"8","status":204,"headers":null}],"more":[]})");
    BOOST_REQUIRE_MESSAGE(parts, error_of(parts));
    BOOST_TEST_REQUIRE(parts->size() == 2u);
    BOOST_TEST_REQUIRE(parts->front().fields.size() == 1u);
    BOOST_TEST(parts->front().fields.front().name == "b");
    BOOST_TEST(parts->front().id == 7u);
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_to_a_batch) {
    std::string const required = ": expected the required member, found nothing";
    BOOST_TEST(problem("<html>").starts_with("in the document: expected JSON"));
    BOOST_TEST(problem("[]") == "in the document: expected an object, found an array");
    BOOST_TEST(problem("{}") == "at /responses" + required);
    BOOST_TEST(problem(R"({"responses":{}})") == "at /responses: expected an array, found an object");
    BOOST_TEST(problem(envelope("1")) == "at /responses/0: expected an object, found the number 1");
    BOOST_TEST(problem(envelope(R"({"status":204})")) == "at /responses/0/id" + required);
    BOOST_TEST(problem(envelope(R"({"id":"1"})")) == "at /responses/0/status" + required);
    BOOST_TEST(
        problem(envelope(R"({"id":"1","status":204},{"id":2,"status":204})")) ==
        "at /responses/1/id: expected a string, found the number 2");
    for (std::string const status : {"99", "600", "200.0", "\"200\"", "null", "true"})
        BOOST_TEST(problem(envelope(R"({"id":"1","status":)" + status + "}"))
                       .starts_with("at /responses/0/status: expected an integer from 100 to 599, found"));
    BOOST_TEST(problem(envelope(R"({"id":"1","status":204,"headers":[]})"))
                   .starts_with("at /responses/0/headers: expected an object, found"));
    BOOST_TEST(
        problem(envelope(R"({"id":"1","status":204,"id":"2"})")).find("objects with each name once") !=
        std::string::npos);
    BOOST_TEST(
        problem(envelope(R"({"id":"1","status":200,"body":{"id":"a","id":"b"}})"))
            .find("objects with each name once") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_decoder_forgets_the_answer_before) {
    batch_answer_decoder decoder;
    std::string many;
    for (int id = 1; id != 200; ++id)
        many += (id == 1 ? "" : ",") + (R"({"id":")" + std::to_string(id)) +
                R"(","status":200,"headers":{"a":"b"},"body":)" + entity + "}";
    auto const answer = envelope(many);
    BOOST_TEST(decoder.decode(answer).value().size() == 199u);
    BOOST_TEST(*decoder.allotment_of(198, {}).value()->id == "a");
    BOOST_TEST(!decoder.decode("{"));
    auto const next = envelope(R"({"id":"5","status":204})");
    auto const parts = decoder.decode(next);
    BOOST_TEST_REQUIRE(parts.value().size() == 1u);
    BOOST_TEST(parts->front().fields.empty());
    BOOST_TEST(!decoder.allotment_of(0, {}));
    auto moved = std::move(decoder);
    BOOST_TEST(moved.decode(answer).value().size() == 199u);
}

BOOST_AUTO_TEST_CASE(a_decoder_needs_no_tree_after_one) {
    batch_answer_decoder decoder;
    auto const refused = R"({"id":"1","status":404,"body":{"error":{"code":"c"}}})";
    auto const with_tree = envelope(refused + std::string(",") + refused);
    BOOST_TEST(decoder.decode(with_tree).value().size() == 2u);
    auto const good = R"({"id":"1","status":200,"body":)" + entity + "}";
    auto const without = envelope(good + "," + good);
    BOOST_TEST(decoder.decode(without).value().size() == 2u);
    BOOST_TEST(*decoder.allotment_of(1, {}).value()->id == "a");
}

// What no tree is made of is as it would be with one; a member that is not known makes the decoder want a
// tree.
BOOST_AUTO_TEST_CASE(with_and_without_a_tree_an_answer_is_the_same) {
    std::vector<std::string> const parts{
        R"({"id":"1","status":200,"headers":{"Retry-After":"7","A":""},"body":)" + entity + "}",
        R"({"body":{"value":)" + entity + R"(,"@odata.context":"c"},"headers":{},"status":201,"id":"x"})",
        R"({"id":"2","status":200,"body":{"value":null}})",
        R"({"id":"3","status":200,"body":{"id":"a","allottedUnits":2}})",
        R"({"id":"4","status":404,"body":{"error":{"code":"c","message":"m"}}})",
        R"({"id":"5","status":200,"body":"eA=="})",
        R"({"id":"6","status":204,"headers":{"aA":"1","b":"A"}})",
        R"({"id":"7","status":204,"headers":{"a":"1","a":"2"}})",
        R"({"id":"8","status":200,"body":null})",
        R"({"id":"9","status":600})",
        R"({"status":200})",
        R"({"id":"1","status":200,"body":{"services":[{}],"id":"b","consumedUnits":0,"allottedUnits":0}})"};
    batch_answer_decoder first;
    batch_answer_decoder second;
    for (auto const& left : parts) {
        for (auto const& right : parts) {
            auto const body = envelope(left + "," + right);
            auto const with_more = R"({"x":1,)" + body.substr(1);
            auto const direct = first.decode(body);
            auto const tree = second.decode(with_more);
            BOOST_TEST_REQUIRE(direct.has_value() == tree.has_value(), body);
            if (!direct)
                continue;
            BOOST_TEST_REQUIRE(direct->size() == tree->size());
            for (std::size_t at = 0; at != direct->size(); ++at) {
                auto const& a = (*direct)[at];
                auto const& b = (*tree)[at];
                BOOST_TEST(a.id == b.id);
                BOOST_TEST(a.status == b.status);
                BOOST_TEST((a.body == b.body));
                BOOST_TEST_REQUIRE(a.fields.size() == b.fields.size());
                for (std::size_t field = 0; field != a.fields.size(); ++field) {
                    BOOST_TEST(a.fields[field].name == b.fields[field].name);
                    BOOST_TEST(a.fields[field].value == b.fields[field].value);
                }
                BOOST_TEST(first.error_of(at).has_value() == second.error_of(at).has_value());
                auto const one = first.allotment_of(at, {});
                auto const other = second.allotment_of(at, {});
                BOOST_TEST(error_of(one) == error_of(other), body);
                if (one && other)
                    BOOST_TEST((*one == *other), body);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
