#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/uuid/uuid.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>
#include <string>
#include <vector>

/// The resources of Graph's cloudLicensing API (beta), namespace microsoft.graph.cloudLicensing.
/// Members carry Graph's names in snake_case. A member without a value was absent from the answer (`$select`)
/// or null; Graph gives both the same meaning.
namespace allot {

using guid = boost::uuids::uuid;

/// A set of enumerators whose value may hold names newer than this library; those are kept as text.
/// Enumerators are distinct bits; Graph's "none" is the empty set.
template <class E>
struct open_set {
    std::uint8_t bits = 0;
    std::vector<std::string> unknown;

    bool has(E value) const noexcept { return (bits & static_cast<std::uint8_t>(value)) != 0; }
    bool none() const noexcept { return bits == 0 && unknown.empty(); }
    friend bool operator==(open_set const&, open_set const&) = default;
};

enum class assignee_type : std::uint8_t { user = 1, group = 2, device = 4, unknown_future_value = 8 };
BOOST_DESCRIBE_ENUM(assignee_type, user, group, device, unknown_future_value)

/// From `suspended` on, licenses give no benefit. `warning` is expired, in grace.
enum class subscription_state : std::uint8_t {
    active = 1,
    warning = 2,
    suspended = 4,
    locked_out = 8,
    deleted = 16,
    unknown_future_value = 32
};
BOOST_DESCRIBE_ENUM(subscription_state, active, warning, suspended, locked_out, deleted, unknown_future_value)

enum class subscription_tag : std::uint8_t { trial = 1, unknown_future_value = 2 };
BOOST_DESCRIBE_ENUM(subscription_tag, trial, unknown_future_value)

using assignee_types = open_set<assignee_type>;
using subscription_states = open_set<subscription_state>;
using subscription_tags = open_set<subscription_tag>;

/// Edm.DateTimeOffset in UTC, at the 100 ns the service uses.
using date_time = std::chrono::sys_time<std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>>;

/// A member this library does not know, kept as the JSON it came as.
struct unknown_member {
    std::string name;
    std::string json;
    friend bool operator==(unknown_member const&, unknown_member const&) = default;
};

struct service {
    std::optional<assignee_types> assignable_to;
    std::optional<guid> plan_id;
    std::optional<std::string> plan_name;
    std::vector<unknown_member> unknown_members;
    friend bool operator==(service const&, service const&) = default;
};
BOOST_DESCRIBE_STRUCT(service, (), (assignable_to, plan_id, plan_name))

struct subscription {
    std::optional<std::string> subscription_id;
    std::optional<std::chrono::year_month_day> start_date;
    std::optional<std::chrono::year_month_day> next_lifecycle_date;
    std::optional<subscription_states> state;
    std::optional<subscription_tags> tags;
    std::vector<unknown_member> unknown_members;
    friend bool operator==(subscription const&, subscription const&) = default;
};
BOOST_DESCRIBE_STRUCT(subscription, (), (subscription_id, start_date, next_lifecycle_date, state, tags))

/// A user, group or device; `odata_type` says which ("#microsoft.graph.user"; the # may be missing).
struct directory_object {
    std::optional<std::string> odata_type;
    std::optional<std::string> id;
    std::vector<unknown_member> unknown_members;
    friend bool operator==(directory_object const&, directory_object const&) = default;
};
BOOST_DESCRIBE_STRUCT(directory_object, (), (odata_type, id))

struct assignment;
struct waiting_member;

/// A pool of licenses of one SKU.
struct allotment {
    std::optional<std::string> id;
    std::optional<std::int32_t> allotted_units;
    std::optional<std::int32_t> consumed_units; ///< may exceed `allotted_units`
    std::optional<assignee_types> assignable_to;
    std::optional<std::vector<service>> services;
    std::optional<guid> sku_id;
    std::optional<std::string> sku_part_number;
    std::optional<std::vector<subscription>> subscriptions;
    std::optional<std::vector<assignment>> assignments;         ///< only with `$expand=assignments`
    std::optional<std::vector<waiting_member>> waiting_members; ///< only with `$expand=waitingMembers`
    std::vector<unknown_member> unknown_members;
    friend bool operator==(allotment const&, allotment const&);
};
BOOST_DESCRIBE_STRUCT(
    allotment, (),
    (id, allotted_units, consumed_units, assignable_to, services, sku_id, sku_part_number, subscriptions,
     assignments, waiting_members))

/// The assignment of licenses to a user, group or device.
struct assignment {
    std::optional<std::string> id;
    std::optional<std::vector<guid>> disabled_service_plan_ids;
    std::optional<directory_object> assigned_to; ///< only with `$expand=assignedTo`
    /// Only with `$expand=allotment`. Null and absent differ here: the outer optional tells whether the
    /// member was in the answer, the inner one whether there is an allotment.
    std::optional<std::optional<struct allotment>> allotment;
    std::vector<unknown_member> unknown_members;
    friend bool operator==(assignment const&, assignment const&);
};
BOOST_DESCRIBE_STRUCT(assignment, (), (id, disabled_service_plan_ids, assigned_to, allotment))

/// Somebody who waits for a unit of an exhausted allotment.
struct waiting_member {
    std::optional<std::string> id;
    std::optional<date_time> waiting_since_date_time;
    std::optional<directory_object> assigned_to; ///< only with `$expand=assignedTo`
    std::vector<unknown_member> unknown_members;
    friend bool operator==(waiting_member const&, waiting_member const&) = default;
};
BOOST_DESCRIBE_STRUCT(waiting_member, (), (id, waiting_since_date_time, assigned_to))

}
