#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace allot::simulation {

class draws;

struct tenant_params {
    std::size_t assignments = 10'000; ///< at least 1
    /// So many of them have no allotment, spread evenly. At most `assignments`.
    std::size_t without_allotment = 0;
    std::uint64_t seed = 1;
};

struct service_plan {
    std::string id;
    std::string name;
    std::string assignable_to;
};

struct product {
    std::string id;
    std::string part_number;
    std::string assignable_to;
    std::vector<service_plan> services;
};

struct subscription {
    std::string id;
    std::string start_date; ///< "2025-07-18" or "2025-07-18T00:00:00.000Z": both are documented
    std::string next_lifecycle_date;
    std::string state;
    std::string tags;
};

struct waiting_member {
    std::string id;
    std::string since;
    std::uint32_t principal;
};

struct allotment {
    std::string id;
    std::uint32_t product;
    std::int32_t allotted_units = 0;
    std::int32_t consumed_units = 0; ///< the units of all its assignments
    std::vector<subscription> subscriptions;
    std::vector<waiting_member> waiting;
    std::vector<std::uint32_t> assignments;
};

enum class principal_kind : std::uint8_t { user, group, device };

struct principal {
    std::string id;
    std::string display_name;
    std::string principal_name; ///< user principal name; users only
    std::int32_t units;         ///< what an assignment to it consumes: the members of a group, else 1
    principal_kind kind;
};

struct assignment {
    std::string id;
    std::uint32_t principal;
    std::optional<std::uint32_t> allotment;
    std::uint32_t disabled_services; ///< bit i: service i of the product
};

/// What one organisation holds: products, pools of them, and who draws from which pool. The same params give
/// the same tenant. An index is a position in the vector of its kind.
/// Thread safety: safe, never changes.
class tenant {
public:
    explicit tenant(tenant_params params);
    tenant(tenant const&) = delete;
    tenant& operator=(tenant const&) = delete;

    std::string const& id() const noexcept { return id_; }
    std::string const& domain() const noexcept { return domain_; }
    std::string const& client_id() const noexcept { return client_id_; }

    std::vector<product> const& products() const noexcept { return products_; }
    std::vector<allotment> const& allotments() const noexcept { return allotments_; }
    std::vector<principal> const& principals() const noexcept { return principals_; }
    std::vector<assignment> const& assignments() const noexcept { return assignments_; }

    std::optional<std::uint32_t> find_assignment(std::string_view id) const;
    std::optional<std::uint32_t> find_allotment(std::string_view id) const;
    /// By id, and users by user principal name too.
    std::optional<std::uint32_t> find_principal(principal_kind kind, std::string_view name) const;

    /// The assignments of a principal: they stand side by side.
    std::pair<std::uint32_t, std::uint32_t> assignments_of(std::uint32_t principal) const;

    /// One reference per assignment in the form an input of `allot audit` has: "ID", "users/USER/ID" (the
    /// user by id or by user principal name) or "groups/GROUP/ID".
    std::vector<std::string> references() const;

private:
    class builder;

    std::uint64_t seed_;
    std::string id_;
    std::string domain_ = "contoso.onmicrosoft.com";
    std::string client_id_;
    std::vector<product> products_;
    std::vector<allotment> allotments_;
    std::vector<principal> principals_;
    std::vector<assignment> assignments_;
    using index = std::unordered_map<std::string_view, std::uint32_t>;
    index assignment_by_id_;
    index allotment_by_id_;
    index principal_by_name_;
};

}
