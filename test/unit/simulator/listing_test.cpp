#include "simulator/router.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {
namespace {

namespace json = boost::json;

constexpr std::string_view root = "https://localhost:1";
constexpr char const* admin = "/beta/admin/cloudLicensing/assignments";

struct fixture {
    reply get(router& from, std::string target) const {
        return from.answer({"GET", std::move(target), {}, {}, true}, {"rid", "cid", {}});
    }

    json::object page(router& from, std::string target) const {
        auto const got = get(from, std::move(target));
        BOOST_TEST_REQUIRE(got.status == 200u);
        return json::parse(*got.body).as_object();
    }

    /// Follows a list to its end; how many entities each page had.
    std::vector<std::size_t>
    sizes(router& from, std::string target, std::vector<std::string>* ids = nullptr) const {
        std::vector<std::size_t> out;
        while (!target.empty()) {
            auto const got = page(from, target);
            auto const& value = got.at("value").as_array();
            out.push_back(value.size());
            if (ids != nullptr)
                for (auto const& each : value)
                    ids->emplace_back(each.at("id").as_string());
            target = next_target(got);
        }
        return out;
    }

    static std::string next_target(json::object const& of) {
        auto const* const link = of.if_contains("@odata.nextLink");
        if (link == nullptr)
            return {};
        std::string_view const text = link->as_string();
        BOOST_TEST_REQUIRE(text.starts_with(root));
        return std::string(text.substr(root.size()));
    }

    tenant const data{{250, 5, 11}};
    router routes{data, std::string(root), answer_shape::value};
};

BOOST_FIXTURE_TEST_SUITE(listing, fixture)

BOOST_AUTO_TEST_CASE(every_assignment_once_in_pages_of_100) {
    std::vector<std::string> ids;
    BOOST_TEST((sizes(routes, admin, &ids) == std::vector<std::size_t>{100, 100, 50}));
    std::vector<std::string> expected;
    for (auto const& each : data.assignments())
        expected.push_back(each.id);
    BOOST_TEST((ids == expected));
}

BOOST_AUTO_TEST_CASE(top_sets_the_size_of_a_page) {
    BOOST_TEST((sizes(routes, std::string(admin) + "?$top=125") == std::vector<std::size_t>{125, 125}));
    BOOST_TEST((sizes(routes, std::string(admin) + "?$top=999") == std::vector<std::size_t>{250}));
    BOOST_TEST(sizes(routes, std::string(admin) + "?$top=1").size() == 250u);
    BOOST_TEST(get(routes, std::string(admin) + "?$top=0").status == 400u);
    BOOST_TEST(get(routes, std::string(admin) + "?$top=1000").status == 400u);
    BOOST_TEST(get(routes, std::string(admin) + "?$skiptoken=x").status == 400u);
    BOOST_TEST(sizes(routes, std::string(admin) + "?$skiptoken=99999").front() == 0u);
}

BOOST_AUTO_TEST_CASE(the_next_link_keeps_the_other_options) {
    auto const query = "?$top=3&$select=id&$expand=assignedTo,allotment($select=id)";
    auto const first = page(routes, admin + std::string(query));
    BOOST_TEST(next_target(first) == admin + std::string(query) + "&$skiptoken=3");
    auto const second = page(routes, next_target(first));
    for (auto const& each : second.at("value").as_array()) {
        auto const& entity = each.as_object();
        BOOST_TEST(entity.size() == 4u);
        BOOST_TEST(entity.contains("assignedTo"));
        BOOST_TEST(entity.contains("allotment"));
    }
}

BOOST_AUTO_TEST_CASE(an_assignment_without_allotment_has_null) {
    auto const got = page(routes, admin + std::string("?$top=999&$expand=allotment"));
    std::size_t without = 0;
    auto const& value = got.at("value").as_array();
    for (std::size_t at = 0; at != value.size(); ++at) {
        auto const& of = data.assignments()[at].allotment;
        auto const& expanded = value[at].at("allotment");
        BOOST_TEST(expanded.is_null() == !of.has_value());
        if (of)
            BOOST_TEST(std::string_view(expanded.at("id").as_string()) == data.allotments()[*of].id);
        without += expanded.is_null() ? 1 : 0;
    }
    BOOST_TEST(without == 5u);
}

BOOST_AUTO_TEST_CASE(users_and_groups_list_their_own) {
    for (std::uint32_t owner = 0; owner != data.principals().size(); ++owner) {
        auto const& each = data.principals()[owner];
        if (each.kind == principal_kind::device)
            continue;
        auto const kind = each.kind == principal_kind::user ? "users/" : "groups/";
        std::vector<std::string> ids;
        sizes(routes, std::string("/beta/") + kind + each.id + "/cloudLicensing/assignments?$top=1", &ids);
        auto const [first, last] = data.assignments_of(owner);
        BOOST_TEST_REQUIRE(ids.size() == last - first);
        for (std::size_t at = 0; at != ids.size(); ++at)
            BOOST_TEST(ids[at] == data.assignments()[first + at].id);
    }
    BOOST_TEST(get(routes, "/beta/users/none/cloudLicensing/assignments").status == 404u);
}

BOOST_AUTO_TEST_CASE(the_next_link_keeps_how_the_user_was_named) {
    auto const found = std::ranges::find_if(data.principals(), [](principal const& each) {
        return each.kind == principal_kind::user && each.principal_name.find('#') != std::string::npos;
    });
    BOOST_TEST_REQUIRE((found != data.principals().end()));
    auto name = found->principal_name;
    name.replace(name.find('#'), 1, "%23");
    name.replace(name.find('#'), 1, "%23");
    router empties(data, std::string(root), answer_shape::value, {100, true, false});
    auto const got = page(empties, "/beta/users/" + name + "/cloudLicensing/assignments");
    BOOST_TEST(
        next_target(got).starts_with("/beta/users/" + name + "/cloudLicensing/assignments?$skiptoken="));
}

BOOST_AUTO_TEST_CASE(empty_pages_and_links_at_the_end) {
    router odd(data, std::string(root), answer_shape::value, {100, true, true});
    BOOST_TEST((sizes(odd, admin) == std::vector<std::size_t>{100, 0, 100, 0, 50, 0}));
    auto const names = [](json::object const& of) {
        std::vector<std::string> out;
        for (auto const& each : of)
            out.emplace_back(each.key());
        return out;
    };
    using list = std::vector<std::string>;
    BOOST_TEST((names(page(odd, admin)) == list{"@odata.context", "value", "@odata.nextLink"}));
    BOOST_TEST((names(page(routes, admin)) == list{"@odata.context", "@odata.nextLink", "value"}));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
