#include "helpers.hpp"
#include "json/decode.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <map>

using allot_test::fixture;
using allot_test::guid;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

allot::allotment answer(std::string const& name) {
    allot::allotment_decoder decoder;
    auto decoded = decoder.decode_answer(fixture(name), {});
    BOOST_REQUIRE_MESSAGE(decoded, allot_test::error_of(decoded));
    BOOST_REQUIRE(decoded->has_value());
    return **decoded;
}

void check_services(allot::allotment const& value) {
    auto const& services = value.services.value();
    BOOST_REQUIRE(services.size() == 4u);
    BOOST_TEST(services[0].assignable_to->bits == 3);
    BOOST_TEST(services[0].plan_id.value() == guid("9aaf7827-d63c-4b61-89c3-182f06f82e5c"));
    BOOST_TEST(services[0].plan_name.value() == "EXCHANGE_S_STANDARD");
    BOOST_TEST(services[1].assignable_to->none());
    BOOST_TEST(services[1].plan_id.value() == guid("6f23d6a9-adbf-481c-8538-b4c095654487"));
    BOOST_TEST(services[1].plan_name.value() == "M365_LIGHTHOUSE_CUSTOMER_PLAN1");
    BOOST_TEST(services[2].assignable_to->none());
    BOOST_TEST(services[2].plan_id.value() == guid("882e1d05-acd1-4ccb-8708-6ee03664b117"));
    BOOST_TEST(services[2].plan_name.value() == "INTUNE_O365");
    BOOST_TEST(services[3].assignable_to->bits == 3);
    BOOST_TEST(services[3].plan_id.value() == guid("5e62787c-c316-451f-b873-1d05acd4d12c"));
    BOOST_TEST(services[3].plan_name.value() == "BPOS_S_TODO_1");
    for (auto const& service : services)
        BOOST_TEST(service.unknown_members.empty());
}

void check_exchange_standard(allot::allotment const& value) {
    BOOST_TEST(value.id.value() == "551f1755-0184-9e51-0bc7-f32bae5a1afb");
    BOOST_TEST(value.allotted_units.value() == 250);
    BOOST_TEST(value.consumed_units.value() == 224);
    BOOST_TEST(value.assignable_to->bits == 3);
    BOOST_TEST(value.sku_id.value() == guid("4b9405b0-7788-4568-add1-99614e613b69"));
    BOOST_TEST(value.sku_part_number.value() == "EXCHANGESTANDARD");
    BOOST_TEST(!value.assignments);
    BOOST_TEST(!value.waiting_members);
    BOOST_TEST(value.unknown_members.empty());
}

// Of fixtures that show a whole response.
std::string body_of(boost::json::value const& response) {
    return boost::json::serialize(response.at("body"));
}

}

BOOST_AUTO_TEST_SUITE(fixtures)

BOOST_AUTO_TEST_CASE(allotment_for_assignment) {
    auto const value = answer("allotment-for-assignment.json");
    check_exchange_standard(value);
    check_services(value);
    BOOST_TEST(!value.subscriptions);
}

BOOST_AUTO_TEST_CASE(allotment_bare) {
    auto const value = answer("allotment-bare.json");
    check_exchange_standard(value);
    check_services(value);
    BOOST_REQUIRE(value.subscriptions.value().size() == 1u);
    auto const& subscription = value.subscriptions->front();
    BOOST_TEST(subscription.subscription_id.value() == "f196adf8-75fa-8e4f-c61d-42d8114de4f4");
    BOOST_TEST(bool(subscription.next_lifecycle_date == 2026y / September / 30));
    BOOST_TEST(bool(subscription.start_date == 2025y / July / 18));
    BOOST_TEST(subscription.state->bits == 1);
    BOOST_TEST(subscription.tags->none());
}

BOOST_AUTO_TEST_CASE(allotment_expanded) {
    auto const value = answer("allotment-expanded.json");
    BOOST_TEST(value.id.value() == "rkocgef3dgjhnu3gmu2mqhbdbmwcymnf6fk3k6a7zbui5e7gfpmi");
    BOOST_TEST(value.allotted_units.value() == 100);
    BOOST_TEST(value.consumed_units.value() == 84);
    BOOST_TEST(value.sku_id.value() == guid("f245ecc8-75af-4f8e-b61f-27d8114de5f3"));
    BOOST_TEST(value.sku_part_number.value() == "Teams_Ess");
    BOOST_REQUIRE(value.services.value().size() == 1u);
    BOOST_TEST(value.services->front().plan_name.value() == "TeamsEss");
    BOOST_REQUIRE(value.subscriptions.value().size() == 1u);
    BOOST_TEST(bool(value.subscriptions->front().next_lifecycle_date == 2025y / September / 30));
    BOOST_TEST(bool(value.subscriptions->front().start_date == 2025y / July / 18));

    auto const& assignments = value.assignments.value();
    BOOST_REQUIRE(assignments.size() == 2u);
    BOOST_TEST(assignments[0].id.value() == "405ee855-dd74-f695-8d7e-be35a6788fe8");
    BOOST_REQUIRE(assignments[0].disabled_service_plan_ids.value().size() == 1u);
    BOOST_TEST(
        assignments[0].disabled_service_plan_ids->front() == guid("5e62787c-c316-451f-b873-1d05acd4d12c"));
    BOOST_TEST(!assignments[0].allotment);
    BOOST_TEST(!assignments[0].assigned_to);
    BOOST_TEST(assignments[1].id.value() == "0b1a424d-3b9b-4446-80b9-6917dd521e03");
    BOOST_TEST(assignments[1].disabled_service_plan_ids.value().empty());

    BOOST_REQUIRE(value.waiting_members.value().size() == 1u);
    auto const& waiting = value.waiting_members->front();
    BOOST_TEST(waiting.id.value() == "49caea1b-ad15-64f1-70c5-5c5e3563d19c");
    auto const since =
        sys_days(2024y / November / 22) + 17h + 11min + 10s + allot::date_time::duration(6'635'939);
    BOOST_TEST(bool(waiting.waiting_since_date_time == since));
    BOOST_TEST(value.unknown_members.empty());
}

BOOST_AUTO_TEST_CASE(assignments_page) {
    auto const page = boost::json::parse(fixture("assignments-page.json"));
    auto const& entries = page.at("value").as_array();
    BOOST_REQUIRE(entries.size() == 3u);
    auto const first = allot::decode<allot::assignment>(entries[0]).value();
    BOOST_TEST(first.id.value() == "405ee855-dd74-f695-8d7e-be35a6788fe8");
    BOOST_TEST(first.disabled_service_plan_ids->at(0) == guid("5e62787c-c316-451f-b873-1d05acd4d12c"));
    BOOST_TEST(first.assigned_to->odata_type.value() == "#microsoft.graph.user");
    BOOST_TEST(first.assigned_to->id.value() == "a6c034b8-621b-dee3-6abb-52cbce801fe9");
    BOOST_TEST(bool(
        first.assigned_to->unknown_members ==
        std::vector<allot::unknown_member>{
            {"displayName", "\"Steve Fred\""}, {"userPrincipalName", "\"stevefred@contoso.com\""}}));
    BOOST_TEST(first.allotment->value().id.value() == "fde42873-30b6-436b-b361-21af5a6b84ae");
    BOOST_TEST(first.allotment->value().allotted_units.value() == 100);
    BOOST_TEST(first.allotment->value().services->at(0).plan_name.value() == "TeamsEss");

    auto const second = allot::decode<allot::assignment>(entries[1]).value();
    BOOST_TEST(second.id.value() == "79aaaa02-ab1c-4e01-ad75-25c857a84625");
    BOOST_TEST(second.disabled_service_plan_ids.value().empty());
    BOOST_TEST(second.assigned_to->odata_type.value() == "#microsoft.graph.group");
    check_exchange_standard(second.allotment->value());
    check_services(second.allotment->value());

    auto const third = allot::decode<allot::assignment>(entries[2]).value();
    BOOST_TEST(third.id.value() == "0b1a424d-3b9b-4446-80b9-6917dd521e03");
    BOOST_TEST(third.assigned_to->odata_type.value() == "#microsoft.graph.device");
    BOOST_REQUIRE(third.allotment.has_value());
    BOOST_TEST(!third.allotment->has_value());
}

// The responses belong to the requests of the other file; each body stands for an answer of its own.
BOOST_AUTO_TEST_CASE(batch) {
    auto const request = boost::json::parse(fixture("batch-request.json"));
    std::map<std::string, allot::query> queries;
    for (auto const& item : request.at("requests").as_array()) {
        std::string_view const url = item.at("url").as_string();
        auto rest = url.substr(url.find("$select=") + 8);
        auto& query = queries[item.at("id").as_string().c_str()];
        for (bool more = true; more;) {
            auto const comma = rest.find(',');
            query.select(rest.substr(0, comma));
            more = comma != rest.npos;
            rest.remove_prefix(more ? comma + 1 : 0);
        }
        BOOST_TEST(query.selected().size() == 6u);
        BOOST_TEST(!query.problem());
    }
    BOOST_TEST(queries.size() == 5u);

    auto const response = boost::json::parse(fixture("batch-response-mixed.json"));
    std::map<std::string, std::string> bodies;
    for (auto const& item : response.at("responses").as_array())
        bodies[item.at("id").as_string().c_str()] = body_of(item);
    BOOST_REQUIRE(bodies.size() == 5u);

    allot::allotment_decoder decoder;
    auto const selected = decoder.decode_answer(bodies["1"], queries["1"]).value();
    check_exchange_standard(selected.value());
    BOOST_TEST(!selected->services);
    BOOST_TEST(
        to_string(decoder.decode_answer(bodies["2"], queries["2"]).error()) ==
        "at /id: expected the required member, found nothing");
    auto const whole = decoder.decode_answer(bodies["5"], queries["5"]).value();
    check_exchange_standard(whole.value());
    check_services(whole.value());

    auto const not_found = allot::decode_graph_error(bodies["2"]).value();
    BOOST_TEST(not_found.code == "Request_ResourceNotFound");
    BOOST_TEST(not_found.message == "Resource '0b1a424d-3b9b-4446-80b9-6917dd521e03' does not exist.");
    BOOST_TEST(not_found.innermost_code == "Request_ResourceNotFound");
    BOOST_TEST(not_found.request_id == "93b6f17e-c05d-4f45-ad2a-6665c708d8a0");
    BOOST_TEST(not_found.client_request_id == "e70c5c1b-8b47-68c0-3171-3d22f5e0bd54");
    auto const throttled = allot::decode_graph_error(bodies["3"]).value();
    BOOST_TEST(throttled.code == "TooManyRequests");
    BOOST_TEST(throttled.message == "Please retry again later.");
    BOOST_TEST(throttled.innermost_code == "429");
    auto const unavailable = allot::decode_graph_error(bodies["4"]).value();
    BOOST_TEST(unavailable.code == "serviceNotAvailable");
    BOOST_TEST(unavailable.request_id == "3a3b1bf7-3596-4493-8264-de81e028071f");
}

BOOST_AUTO_TEST_CASE(error_404) {
    auto const error = allot::decode_graph_error(fixture("error-404.json")).value();
    BOOST_TEST(error.code == "itemNotFound");
    BOOST_TEST(error.message == "The resource could not be found.");
    BOOST_TEST(error.innermost_code == "itemNotFound");
    BOOST_TEST(error.request_id == "93b6f17e-c05d-4f45-ad2a-6665c708d8a0");
    BOOST_TEST(error.client_request_id == "e70c5c1b-8b47-68c0-3171-3d22f5e0bd54");
}

BOOST_AUTO_TEST_CASE(error_429) {
    auto const error =
        allot::decode_graph_error(body_of(boost::json::parse(fixture("error-429.json")))).value();
    BOOST_TEST(error.code == "TooManyRequests");
    BOOST_TEST(error.message == "Please retry again later.");
    BOOST_TEST(error.innermost_code == "429");
    BOOST_TEST(error.request_id == "94fb3b52-452a-4535-a601-69e0a90e3aa2");
    BOOST_TEST(error.client_request_id == "");
}

BOOST_AUTO_TEST_CASE(error_401_claims) {
    auto const error =
        allot::decode_graph_error(body_of(boost::json::parse(fixture("error-401-claims.json")))).value();
    BOOST_TEST(error.code == "InvalidAuthenticationToken");
    BOOST_TEST(error.innermost_code == "InvalidAuthenticationToken");
    BOOST_TEST(error.message.ends_with("and code: TokenIssuedBeforeRevocationTimestamp"));
    BOOST_TEST(error.request_id == "3a3b1bf7-3596-4493-8264-de81e028071f");
    BOOST_TEST(error.client_request_id == "e70c5c1b-8b47-68c0-3171-3d22f5e0bd54");
}

BOOST_AUTO_TEST_CASE(token_success) {
    auto const answer = allot::decode_token_answer(fixture("token-success.json")).value();
    BOOST_TEST(
        answer.access_token ==
        "eyJ0eXAiOiJKV1QiLCJub25jZSI6ImZpeHR1cmUifQ.Zml4dHVyZS1wYXlsb2Fk.Zml4dHVyZS1zaWduYXR1cmU");
    BOOST_TEST(answer.token_type == "Bearer");
    BOOST_TEST(bool(answer.expires_in == 3599s));
    BOOST_TEST(!answer.refresh_in);
    BOOST_TEST(!answer.expires_on);
}

BOOST_AUTO_TEST_CASE(imds_token) {
    auto const answer = allot::decode_token_answer(fixture("imds-token.json")).value();
    BOOST_TEST(
        answer.access_token ==
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.Zml4dHVyZS1pbWRz.Zml4dHVyZS1zaWduYXR1cmU");
    BOOST_TEST(bool(answer.expires_in == 86399s));
    BOOST_TEST(bool(answer.refresh_in == 43199s));
    BOOST_TEST(bool(answer.expires_on == sys_seconds(1774173425s)));
}

BOOST_AUTO_TEST_CASE(token_error_invalid_client) {
    auto const error = allot::decode_token_error(fixture("token-error-invalid_client.json")).value();
    BOOST_TEST(error.error == "invalid_client");
    BOOST_TEST(error.description.starts_with("AADSTS7000215: Invalid client secret provided."));
    BOOST_TEST(error.codes == std::vector<std::int64_t>{7000215}, boost::test_tools::per_element());
    BOOST_TEST(error.trace_id == "255d1aef-8c98-452f-ac51-23d051240864");
    BOOST_TEST(error.correlation_id == "fb3d2015-bc17-4bb9-bb85-30c5cf1aaaa7");
    BOOST_TEST(error.timestamp == "2026-01-09 02:02:12Z");
    BOOST_TEST(error.claims == "");
}

BOOST_AUTO_TEST_SUITE_END()
