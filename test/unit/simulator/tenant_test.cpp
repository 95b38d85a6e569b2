#include "simulator/tenant.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

namespace allot::simulation {
namespace {

BOOST_AUTO_TEST_SUITE(tenant_suite)

BOOST_AUTO_TEST_CASE(consumed_units_are_the_units_of_the_assignments) {
    for (std::size_t const count : {1U, 3U, 40U, 5'000U}) {
        tenant const made({count, 0, 7});
        BOOST_TEST(made.assignments().size() == count);
        std::vector<std::int64_t> consumed(made.allotments().size());
        for (auto const& each : made.assignments())
            consumed[each.allotment.value()] += made.principals()[each.principal].units;
        for (std::size_t at = 0; at != consumed.size(); ++at)
            BOOST_TEST(made.allotments()[at].consumed_units == consumed[at]);
    }
}

BOOST_AUTO_TEST_CASE(an_allotment_lists_the_assignments_that_draw_from_it) {
    tenant const made({500, 0, 3});
    std::size_t listed = 0;
    for (std::uint32_t at = 0; at != made.allotments().size(); ++at) {
        for (auto const each : made.allotments()[at].assignments)
            BOOST_TEST(made.assignments()[each].allotment.value() == at);
        listed += made.allotments()[at].assignments.size();
    }
    BOOST_TEST(listed == 500u);
}

BOOST_AUTO_TEST_CASE(assignments_of_a_principal_stand_side_by_side) {
    tenant const made({500, 0, 3});
    std::size_t listed = 0;
    for (std::uint32_t owner = 0; owner != made.principals().size(); ++owner) {
        auto const [first, last] = made.assignments_of(owner);
        BOOST_TEST(first < last);
        for (auto at = first; at != last; ++at)
            BOOST_TEST(made.assignments()[at].principal == owner);
        listed += last - first;
    }
    BOOST_TEST(listed == 500u);
}

BOOST_AUTO_TEST_CASE(nobody_draws_from_a_pool_twice_or_from_one_that_is_not_for_them) {
    tenant const made({5'000, 0, 1});
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    for (auto const& each : made.assignments()) {
        BOOST_TEST(seen.emplace(each.principal, *each.allotment).second);
        auto const kind = made.principals()[each.principal].kind;
        auto const& assignable = made.products()[made.allotments()[*each.allotment].product].assignable_to;
        auto const name = kind == principal_kind::user    ? "user"
                          : kind == principal_kind::group ? "group"
                                                          : "device";
        BOOST_TEST(assignable.find(name) != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(has_a_realistic_number_of_products_and_pools) {
    tenant const made({10'000, 0, 1});
    BOOST_TEST(made.products().size() >= 40u);
    BOOST_TEST(made.allotments().size() > made.products().size());
    std::set<std::string> ids;
    bool exhausted = false;
    bool waiting = false;
    for (auto const& each : made.products()) {
        BOOST_TEST(!each.services.empty());
        BOOST_TEST(ids.insert(each.id).second);
    }
    for (auto const& each : made.allotments()) {
        BOOST_TEST(!each.subscriptions.empty());
        exhausted |= each.consumed_units >= each.allotted_units;
        waiting |= !each.waiting.empty();
    }
    BOOST_TEST(exhausted);
    BOOST_TEST(waiting);
}

BOOST_AUTO_TEST_CASE(same_seed_same_tenant_other_seed_other_tenant) {
    tenant const one({300, 5, 42});
    tenant const same({300, 5, 42});
    tenant const other({300, 5, 43});
    BOOST_TEST(one.references() == same.references());
    BOOST_TEST(one.id() == same.id());
    BOOST_TEST(one.client_id() == same.client_id());
    for (std::size_t at = 0; at != one.allotments().size(); ++at) {
        BOOST_TEST(one.allotments()[at].id == same.allotments()[at].id);
        BOOST_TEST(one.allotments()[at].allotted_units == same.allotments()[at].allotted_units);
    }
    BOOST_TEST(one.references() != other.references());
    BOOST_TEST(one.id() != other.id());
    // Products are the same everywhere, as Graph's are.
    BOOST_TEST(one.products()[0].id == other.products()[0].id);
}

BOOST_AUTO_TEST_CASE(ids_have_both_documented_forms) {
    tenant const made({200, 0, 1});
    std::set<std::size_t> lengths;
    for (auto const& each : made.assignments()) {
        lengths.insert(each.id.size());
        BOOST_TEST(each.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos);
    }
    BOOST_TEST((lengths == std::set<std::size_t>{36, 52}));
}

BOOST_AUTO_TEST_CASE(references_are_unique_and_of_all_scopes) {
    tenant const made({2'000, 0, 9});
    auto const references = made.references();
    BOOST_TEST(references.size() == 2'000u);
    std::set<std::string> ids;
    std::size_t users = 0;
    std::size_t groups = 0;
    std::size_t names = 0;
    for (auto const& each : references) {
        auto const last = each.rfind('/');
        auto const id = last == std::string::npos ? each : each.substr(last + 1);
        BOOST_TEST(ids.insert(id).second);
        auto const found = made.find_assignment(id);
        BOOST_TEST_REQUIRE(found.has_value());
        if (last == std::string::npos)
            continue;
        auto const first = each.find('/');
        auto const name = each.substr(first + 1, last - first - 1);
        bool const user = each.starts_with("users/");
        (user ? users : groups) += 1;
        names += name.find('@') != std::string::npos ? 1U : 0U;
        auto const kind = user ? principal_kind::user : principal_kind::group;
        BOOST_TEST((made.find_principal(kind, name) == made.assignments()[*found].principal));
    }
    BOOST_TEST(users > 200u);
    BOOST_TEST(groups > 20u);
    BOOST_TEST(names > 100u);
    BOOST_TEST(users + groups < 1'800u);
}

BOOST_AUTO_TEST_CASE(small_tenants_have_a_user_a_group_and_a_device) {
    tenant const made({3, 0, 5});
    std::set<principal_kind> kinds;
    for (auto const& each : made.assignments())
        kinds.insert(made.principals()[each.principal].kind);
    BOOST_TEST(kinds.size() == 3u);
}

BOOST_AUTO_TEST_CASE(assignments_without_allotment_only_when_asked_and_exactly_so_many) {
    for (std::size_t const without : {0U, 1U, 7U, 100U}) {
        tenant const made({100, without, 1});
        std::size_t counted = 0;
        for (auto const& each : made.assignments())
            counted += each.allotment ? 0U : 1U;
        BOOST_TEST(counted == without);
    }
}

BOOST_AUTO_TEST_CASE(finds_by_kind_only) {
    tenant const made({50, 0, 1});
    for (auto const& each : made.principals()) {
        BOOST_TEST(made.find_principal(each.kind, each.id).has_value());
        auto const other = each.kind == principal_kind::user ? principal_kind::group : principal_kind::user;
        BOOST_TEST(!made.find_principal(other, each.id));
    }
    BOOST_TEST(!made.find_assignment(""));
    BOOST_TEST(!made.find_allotment("nowhere"));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
