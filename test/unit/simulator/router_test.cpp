#include "simulator/router.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace allot::simulation {
namespace {

namespace json = boost::json;

/// What stands in a path for any byte that could mean something else.
std::string encoded(std::string_view text) {
    std::string out;
    for (auto const each : text) {
        if (each == '#' || each == '\'') {
            out += each == '#' ? "%23" : "%27";
        } else {
            out += each;
        }
    }
    return out;
}

struct fixture {
    reply get(std::string target, std::string method = "GET") {
        return routes.answer({std::move(method), std::move(target), {}, {}, true}, {"rid", "cid", {}});
    }

    json::value good(std::string target) {
        auto const got = get(std::move(target));
        BOOST_TEST_REQUIRE(got.status == 200u);
        return json::parse(*got.body);
    }

    void check_error(std::string target, unsigned status, std::string_view code, std::string_view text = {}) {
        BOOST_TEST_CONTEXT(target) {
            auto const got = get(std::move(target));
            BOOST_TEST(got.status == status);
            auto const error = json::parse(*got.body).at("error");
            BOOST_TEST(std::string_view(error.at("code").as_string()) == code);
            BOOST_TEST(
                std::string_view(error.at("message").as_string()).find(text) != std::string_view::npos);
            auto const& inner = error.at("innerError");
            BOOST_TEST(std::string_view(inner.at("request-id").as_string()) == "rid");
            BOOST_TEST(std::string_view(inner.at("client-request-id").as_string()) == "cid");
            BOOST_TEST(std::string_view(inner.at("date").as_string()) == "1970-01-01T00:00:00");
        }
    }

    assignment const& of(principal_kind kind) const {
        auto const& all = data.assignments();
        return *std::find_if(all.begin(), all.end(), [&](assignment const& each) {
            return data.principals()[each.principal].kind == kind && each.allotment;
        });
    }
    principal const& owner(assignment const& of) const { return data.principals()[of.principal]; }

    static std::string admin(assignment const& of) {
        return "/beta/admin/cloudLicensing/assignments/" + of.id;
    }

    tenant const data{{400, 4, 11}};
    router routes{data, "https://localhost:1", answer_shape::value};
};

BOOST_FIXTURE_TEST_SUITE(router_suite, fixture)

BOOST_AUTO_TEST_CASE(allotment_in_the_documented_wrapper_with_every_member) {
    auto const& asked = of(principal_kind::user);
    auto const& expected = data.allotments()[*asked.allotment];
    auto const& sku = data.products()[expected.product];
    auto const got = good(admin(asked) + "/allotment");
    BOOST_TEST(got.as_object().size() == 1u);
    auto const& value = got.at("value").as_object();
    std::vector<std::string_view> names;
    for (auto const& each : value)
        names.push_back(each.key());
    BOOST_TEST(
        (names == std::vector<std::string_view>{
                      "@odata.type", "id", "allottedUnits", "assignableTo", "consumedUnits", "services",
                      "skuId", "skuPartNumber", "subscriptions"}));
    BOOST_TEST(
        std::string_view(value.at("@odata.type").as_string()) == "#microsoft.graph.cloudLicensing.allotment");
    BOOST_TEST(std::string_view(value.at("id").as_string()) == expected.id);
    BOOST_TEST(value.at("allottedUnits").as_int64() == expected.allotted_units);
    BOOST_TEST(value.at("consumedUnits").as_int64() == expected.consumed_units);
    BOOST_TEST(std::string_view(value.at("skuId").as_string()) == sku.id);
    BOOST_TEST(std::string_view(value.at("skuPartNumber").as_string()) == sku.part_number);
    BOOST_TEST(std::string_view(value.at("assignableTo").as_string()) == sku.assignable_to);
    BOOST_TEST(value.at("services").as_array().size() == sku.services.size());
    BOOST_TEST(
        std::string_view(value.at("services").at(0).at("planName").as_string()) == sku.services[0].name);
    BOOST_TEST(std::string_view(value.at("services").at(0).at("planId").as_string()) == sku.services[0].id);
    BOOST_TEST(value.at("subscriptions").as_array().size() == expected.subscriptions.size());
    auto const& subscription = value.at("subscriptions").at(0);
    BOOST_TEST(
        std::string_view(subscription.at("startDate").as_string()) == expected.subscriptions[0].start_date);
    BOOST_TEST(std::string_view(subscription.at("state").as_string()) == expected.subscriptions[0].state);
}

BOOST_AUTO_TEST_CASE(bare_shape) {
    router bare(data, "https://localhost:1", answer_shape::bare);
    auto const& asked = of(principal_kind::user);
    auto const got = bare.answer({"GET", admin(asked) + "/allotment", {}, {}, true}, {"rid", "cid", {}});
    auto const body = json::parse(*got.body).as_object();
    BOOST_TEST(!body.contains("value"));
    BOOST_TEST(std::string_view(body.at("@odata.context").as_string())
                   .starts_with("https://localhost:1/beta/$metadata#"));
    BOOST_TEST(std::string_view(body.at("id").as_string()) == data.allotments()[*asked.allotment].id);
}

BOOST_AUTO_TEST_CASE(all_scopes_lead_to_the_same_allotment) {
    auto const& user_owned = of(principal_kind::user);
    auto const& user = owner(user_owned);
    auto const tail = "/cloudLicensing/assignments/" + user_owned.id + "/allotment";
    auto const expected = good(admin(user_owned) + "/allotment");
    BOOST_TEST((good("/beta/users/" + user.id + tail) == expected));
    BOOST_TEST((good("/beta/users/" + encoded(user.principal_name) + tail) == expected));
    auto const& group_owned = of(principal_kind::group);
    BOOST_TEST(
        (good(
             "/beta/groups/" + owner(group_owned).id + "/cloudLicensing/assignments/" + group_owned.id +
             "/allotment") == good(admin(group_owned) + "/allotment")));
}

BOOST_AUTO_TEST_CASE(every_assignment_is_found_by_its_owner) {
    bool guest = false;
    bool apostrophe = false;
    for (auto const& each : data.assignments()) {
        auto const& holder = owner(each);
        BOOST_TEST((get(admin(each) + "/allotment").status == (each.allotment ? 200u : 204u)));
        if (holder.kind != principal_kind::user)
            continue;
        guest |= holder.principal_name.find('#') != std::string::npos;
        apostrophe |= holder.principal_name.find('\'') != std::string::npos;
        auto const below =
            "/beta/users/" + encoded(holder.principal_name) + "/cloudLicensing/assignments/" + each.id;
        BOOST_TEST(get(below).status == 200u);
    }
    BOOST_TEST(guest);
    BOOST_TEST(apostrophe);
}

BOOST_AUTO_TEST_CASE(no_allotment_is_204_and_null_when_expanded) {
    auto const& all = data.assignments();
    auto const none = std::find_if(all.begin(), all.end(), [](auto const& each) { return !each.allotment; });
    auto const got = get(admin(*none) + "/allotment");
    BOOST_TEST(got.status == 204u);
    BOOST_TEST(!got.body);
    auto const expanded = good(admin(*none) + "?$expand=allotment");
    BOOST_TEST(expanded.at("value").at("allotment").is_null());
    BOOST_TEST(expanded.at("value").at("disabledServicePlanIds").as_array().empty());
}

BOOST_AUTO_TEST_CASE(select_and_expand) {
    auto const& asked = of(principal_kind::user);
    auto const& expected = data.allotments()[*asked.allotment];
    auto const got = good(
        admin(asked) + "/allotment?$select=id,consumedUnits&$expand=assignments($select=id),waitingMembers");
    auto const& value = got.at("value").as_object();
    BOOST_TEST(value.size() == 5u);
    auto const& list = value.at("assignments").as_array();
    BOOST_TEST_REQUIRE(list.size() == std::min(expected.assignments.size(), page_size));
    auto const& first = data.assignments()[expected.assignments[0]];
    BOOST_TEST(list[0].as_object().size() == 2u);
    BOOST_TEST(std::string_view(list[0].at("id").as_string()) == first.id);
    BOOST_TEST(value.at("waitingMembers").as_array().size() == expected.waiting.size());
    // Asked again, the answer comes from the kept bodies.
    BOOST_TEST(
        (good(admin(asked) + "/allotment?$select=id") == good(admin(asked) + "/allotment?$select=id")));
}

BOOST_AUTO_TEST_CASE(waiting_members_of_exhausted_pools) {
    for (auto const& each : data.allotments()) {
        if (each.waiting.empty())
            continue;
        BOOST_TEST(each.consumed_units == each.allotted_units);
        auto const& asked = data.assignments()[each.assignments[0]];
        auto const got = good(admin(asked) + "/allotment?$expand=waitingMembers");
        auto const& list = got.at("value").at("waitingMembers").as_array();
        BOOST_TEST(list.size() == each.waiting.size());
        BOOST_TEST(std::string_view(list.at(0).at("waitingSinceDateTime").as_string()).ends_with("+00:00"));
        return;
    }
    BOOST_FAIL("no pool has waiting members");
}

BOOST_AUTO_TEST_CASE(assignment_with_assignee_and_disabled_plans) {
    auto const& asked = of(principal_kind::user);
    auto const got = good(
        admin(asked) + "?$select=id&$expand=assignedTo($select=id,userPrincipalName),allotment($select=id)");
    auto const& value = got.at("value");
    BOOST_TEST(std::string_view(value.at("id").as_string()) == asked.id);
    auto const& assignee = value.at("assignedTo").as_object();
    BOOST_TEST(assignee.size() == 3u);
    BOOST_TEST(std::string_view(assignee.at("@odata.type").as_string()) == "#microsoft.graph.user");
    BOOST_TEST(std::string_view(assignee.at("userPrincipalName").as_string()) == owner(asked).principal_name);
    BOOST_TEST(value.at("allotment").as_object().size() == 2u);
    auto const& all = data.assignments();
    auto const disabled =
        std::find_if(all.begin(), all.end(), [](auto const& each) { return each.disabled_services != 0; });
    BOOST_TEST(good(admin(*disabled)).at("value").at("disabledServicePlanIds").as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(long_expansions_come_in_pages) {
    tenant const large({2'000, 0, 1});
    router pages(large, "https://localhost:1", answer_shape::value);
    auto const& pool =
        *std::find_if(large.allotments().begin(), large.allotments().end(), [](auto const& each) {
            return each.assignments.size() > 2 * page_size;
        });
    auto const read = [&pages](std::string target) {
        return json::parse(*pages.answer({"GET", std::move(target), {}, {}, true}, {"rid", "cid", {}}).body);
    };
    auto const first =
        read(admin(large.assignments()[pool.assignments[0]]) + "/allotment?$expand=assignments($select=id)");
    auto const& value = first.at("value").as_object();
    auto count = value.at("assignments").as_array().size();
    BOOST_TEST(count == page_size);
    std::string link(value.at("assignments@odata.nextLink").as_string());
    while (!link.empty()) {
        BOOST_TEST_REQUIRE(link.starts_with("https://localhost:1/"));
        auto const page = read(link.substr(link.find('/', 8)));
        for (auto const& each : page.at("value").as_array()) {
            BOOST_TEST(each.as_object().size() == 2u);
            BOOST_TEST(
                std::string_view(each.at("id").as_string()) ==
                large.assignments()[pool.assignments[count]].id);
            ++count;
        }
        auto const* next = page.as_object().if_contains("@odata.nextLink");
        link = next != nullptr ? std::string(next->as_string()) : "";
    }
    BOOST_TEST(count == pool.assignments.size());
}

BOOST_AUTO_TEST_CASE(fields_of_every_answer) {
    for (auto const& got : {get(admin(of(principal_kind::user)) + "/allotment"), get("/beta/nowhere")}) {
        request const view{"", "", got.fields, "", true};
        BOOST_TEST(view.find("request-id").value() == "rid");
        BOOST_TEST(view.find("client-request-id").value() == "cid");
        BOOST_TEST(view.find("Content-Type")->starts_with("application/json;odata.metadata=minimal"));
        BOOST_TEST(json::parse(*view.find("x-ms-ags-diagnostic")).as_object().contains("ServerInfo"));
        BOOST_TEST(view.find("x-ms-resource-unit").value() == "1");
    }
}

BOOST_AUTO_TEST_CASE(unknown_ids_are_404) {
    auto const& user_owned = of(principal_kind::user);
    auto const& group_owned = of(principal_kind::group);
    auto const tail = "/cloudLicensing/assignments/" + user_owned.id + "/allotment";
    check_error("/beta/admin/cloudLicensing/assignments/none/allotment", 404, "itemNotFound");
    check_error("/beta/admin/cloudLicensing/assignments/a%2fb%00/allotment", 404, "itemNotFound");
    check_error("/beta/admin/cloudLicensing/allotments/none/assignments", 404, "itemNotFound");
    check_error("/beta/users/none" + tail, 404, "Request_ResourceNotFound", "Resource 'none' does not exist");
    check_error("/beta/groups/none" + tail, 404, "Request_ResourceNotFound");
    // Somebody else's assignment, and a group addressed as a user.
    check_error("/beta/groups/" + owner(group_owned).id + tail, 404, "itemNotFound");
    check_error("/beta/users/" + owner(group_owned).id + tail, 404, "Request_ResourceNotFound");
    check_error(
        "/beta/users/" + owner(user_owned).id + "/cloudLicensing/assignments/" + group_owned.id, 404,
        "itemNotFound");
}

BOOST_AUTO_TEST_CASE(malformed_targets_and_queries_are_400) {
    auto const good_target = admin(of(principal_kind::user)) + "/allotment";
    for (auto const* target :
         {"", "*", "beta", "/", "//beta", "/beta/", "/beta//admin", "/beta/admin%", "/beta/%zz/x"})
        check_error(target, 400, "BadRequest", "not well formed");
    for (auto const* target :
         {"/beta", "/beta/admin", "/beta/users", "/beta/users2/x", "/beta/me/cloudLicensing",
          "/beta/admin/cloudLicensing", "/beta/admin/cloudLicensing/allotments",
          "/v1.0/admin/cloudLicensing/assignments/x/allotment", "/v2/admin",
          "/beta/admin/cloudLicensing/usageRights/x"})
        check_error(target, 400, "BadRequest");
    check_error(good_target + "s", 400, "BadRequest", "segment 'allotments'");
    check_error(good_target + "/x", 400, "BadRequest");
    check_error(good_target + "?$select=foo", 400, "BadRequest", "'foo'");
    check_error(good_target + "?$expand=assignments($select=foo)", 400, "BadRequest", "'foo'");
    check_error(good_target + "?$filter=a", 400, "BadRequest", "'$filter'");
    check_error(admin(of(principal_kind::user)) + "?$expand=assignments", 400, "BadRequest", "'assignments'");
    // The query is checked for assignments without allotment too.
    auto const& all = data.assignments();
    auto const none = std::find_if(all.begin(), all.end(), [](auto const& each) { return !each.allotment; });
    check_error(admin(*none) + "/allotment?$select=foo", 400, "BadRequest");
}

BOOST_AUTO_TEST_CASE(other_methods_are_405) {
    for (auto const* method : {"POST", "HEAD", "DELETE", "get"}) {
        auto const got = get(admin(of(principal_kind::user)) + "/allotment", method);
        BOOST_TEST(got.status == 405u);
        BOOST_TEST((got.fields.back() == field{"Allow", "GET"}));
    }
}

BOOST_AUTO_TEST_CASE(many_different_queries_are_answered) {
    auto const target = admin(of(principal_kind::user)) + "/allotment?mine=";
    auto const expected = good(target);
    for (int each = 0; each != 200; ++each)
        BOOST_TEST((good(target + std::to_string(each)) == expected));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
