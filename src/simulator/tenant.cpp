#include "simulator/tenant.hpp"

#include "simulator/draws.hpp"
#include "simulator/sku_catalog.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace allot::simulation {
namespace {

/// The opaque form of an id: 52 characters of base32.
std::string opaque_id(draws& random) {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    std::string out;
    out.reserve(52);
    while (out.size() != 52)
        out += alphabet[random.below(alphabet.size())];
    return out;
}

/// Graph documents both forms for the same types.
std::string entity_id(draws& random) {
    return random.chance(0.5) ? random.guid() : opaque_id(random);
}

/// Products and plans have the same id in every tenant, so theirs come from the name (FNV-1a).
std::string guid_of(std::string_view name) {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325;
    for (auto const each : name)
        hash = (hash ^ static_cast<unsigned char>(each)) * 0x100'0000'01b3;
    return draws(hash).guid();
}

std::vector<service_plan> plans_of(std::string_view names, std::string_view assignable_to) {
    std::vector<service_plan> out;
    while (!names.empty()) {
        auto name = names.substr(0, names.find(','));
        names.remove_prefix(std::min(names.size(), name.size() + 1));
        bool const nobody = name.front() == '-';
        name.remove_prefix(nobody ? 1 : 0);
        out.push_back(
            {guid_of("plan " + std::string(name)), std::string(name),
             nobody ? "none" : std::string(assignable_to)});
    }
    return out;
}

std::string two_digits(std::int32_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string date(std::int32_t year, draws& random, bool with_time) {
    auto out = std::to_string(year) + '-' + two_digits(random.between(1, 12)) + '-' +
               two_digits(random.between(1, 28));
    return with_time ? out + "T00:00:00.000Z" : out;
}

subscription make_subscription(draws& random) {
    bool const with_time = random.chance(0.5);
    auto const kind = random.below(20);
    auto const start = random.between(2022, 2025);
    subscription out;
    out.id = random.guid();
    out.start_date = date(start, random, with_time);
    out.next_lifecycle_date = date(start + random.between(1, 3), random, with_time);
    out.state = kind == 0 ? "warning" : kind == 1 ? "suspended" : "active";
    out.tags = kind == 2 ? "trial" : "none";
    return out;
}

constexpr std::array<std::string_view, 12> first_names{"adele",     "alex",   "diego",   "grady",
                                                       "henrietta", "isaiah", "johanna", "lee",
                                                       "megan",     "nestor", "patti",   "steve"};
constexpr std::array<std::string_view, 12> last_names{"vance",   "wilber", "siciliani", "archie",
                                                      "mueller", "langer", "lorenz",    "gu",
                                                      "bowen",   "wilke",  "fernandez", "o'neil"};
constexpr std::array<std::string_view, 8> group_names{"Engineering", "Sales", "Finance",    "Support",
                                                      "Marketing",   "Legal", "Operations", "Research"};

}

class tenant::builder {
public:
    builder(tenant& out, tenant_params const& params) : out_(out), params_(params), random_(params.seed) {}

    void build() {
        out_.id_ = random_.guid();
        out_.client_id_ = random_.guid();
        add_pools();
        out_.assignments_.reserve(params_.assignments);
        while (out_.assignments_.size() < params_.assignments)
            add_principal();
        for (auto& each : out_.allotments_)
            set_size(each);
        add_indexes();
    }

private:
    /// Which pools a kind of principal draws from; few pools carry most assignments, as in real tenants.
    struct choice {
        std::vector<std::uint32_t> allotments;
        std::vector<double> cumulative;

        void add(std::uint32_t allotment, double weight) {
            allotments.push_back(allotment);
            cumulative.push_back(weight + (cumulative.empty() ? 0.0 : cumulative.back()));
        }
        std::uint32_t pick(draws& random) const {
            auto const at =
                std::upper_bound(cumulative.begin(), cumulative.end() - 1, random.unit() * cumulative.back());
            return allotments[static_cast<std::size_t>(at - cumulative.begin())];
        }
    };

    void add_pools() {
        for (auto const& entry : sku_catalog()) {
            auto const product_index = static_cast<std::uint32_t>(out_.products_.size());
            out_.products_.push_back(
                {guid_of("sku " + std::string(entry.part_number)), std::string(entry.part_number),
                 std::string(entry.assignable_to), plans_of(entry.plans, entry.assignable_to)});
            for (unsigned count = 0; count != entry.allotments; ++count) {
                auto const index = static_cast<std::uint32_t>(out_.allotments_.size());
                allotment pool;
                pool.id = entity_id(random_);
                pool.product = product_index;
                pool.subscriptions.push_back(make_subscription(random_));
                if (random_.chance(0.2))
                    pool.subscriptions.push_back(make_subscription(random_));
                out_.allotments_.push_back(std::move(pool));
                auto const weight = 1.0 / (1.0 + index);
                if (entry.assignable_to == "device") {
                    choices_[2].add(index, weight);
                } else {
                    choices_[0].add(index, weight);
                    if (entry.assignable_to != "user")
                        choices_[1].add(index, weight);
                }
            }
        }
    }

    void add_principal() {
        auto const number = out_.principals_.size();
        // The first three cover the three kinds, so that a small tenant has them all.
        auto const draw = random_.below(100);
        auto const kind = number < 3  ? static_cast<principal_kind>(number)
                          : draw < 86 ? principal_kind::user
                          : draw < 92 ? principal_kind::group
                                      : principal_kind::device;
        auto const most = number < 3 || kind == principal_kind::device ? 1
                          : kind == principal_kind::group              ? 2
                                                                       : 4;
        auto const count = random_.between(1, most);
        out_.principals_.push_back(make_principal(kind, number));
        std::vector<std::uint32_t> taken;
        for (std::int32_t each = 0; each != count && out_.assignments_.size() < params_.assignments; ++each)
            add_assignment(static_cast<std::uint32_t>(number), taken);
    }

    principal make_principal(principal_kind kind, std::size_t number) {
        principal out{random_.guid(), {}, {}, 1, kind};
        auto const suffix = std::to_string(number);
        switch (kind) {
        case principal_kind::user: {
            auto const first = std::string(first_names[random_.below(first_names.size())]);
            auto const last = std::string(last_names[random_.below(last_names.size())]);
            auto const mailbox = first + '.' + last + suffix;
            out.display_name = first + ' ' + last + ' ' + suffix;
            out.principal_name = random_.chance(0.05) ? mailbox + "_fabrikam.com#EXT#@" + out_.domain_
                                                      : mailbox + '@' + out_.domain_;
            break;
        }
        case principal_kind::group:
            out.display_name = std::string(group_names[random_.below(group_names.size())]) + ' ' + suffix;
            out.units = random_.between(2, 60);
            break;
        case principal_kind::device:
            out.display_name = "Workstation " + suffix;
            break;
        }
        return out;
    }

    void add_assignment(std::uint32_t owner, std::vector<std::uint32_t>& taken) {
        auto const& principal = out_.principals_[owner];
        auto const& pools = choices_[static_cast<std::size_t>(principal.kind)];
        auto pool = pools.pick(random_);
        while (std::find(taken.begin(), taken.end(), pool) != taken.end())
            pool = pools.pick(random_);
        taken.push_back(pool);

        auto const index = out_.assignments_.size();
        auto const total = params_.assignments;
        bool const without =
            (index + 1) * params_.without_allotment / total != index * params_.without_allotment / total;
        assignment added{entity_id(random_), owner, std::nullopt, 0};
        if (!without) {
            auto const& product = out_.products_[out_.allotments_[pool].product];
            if (random_.chance(0.2))
                added.disabled_services = 1U << random_.below(product.services.size());
            added.allotment = pool;
            out_.allotments_[pool].consumed_units += principal.units;
            out_.allotments_[pool].assignments.push_back(static_cast<std::uint32_t>(index));
        }
        out_.assignments_.push_back(std::move(added));
    }

    /// Most pools have room; some are exhausted and have members who wait, a few are over-consumed.
    void set_size(allotment& pool) {
        auto const kind = random_.below(30);
        if (kind == 0 && pool.consumed_units > 1) {
            pool.allotted_units = pool.consumed_units - 1;
        } else if (kind < 5 && pool.consumed_units > 0) {
            pool.allotted_units = pool.consumed_units;
            add_waiting(pool);
        } else {
            auto const room = pool.consumed_units / 100 * random_.between(2, 60) + random_.between(1, 25);
            pool.allotted_units = (pool.consumed_units + room + 4) / 5 * 5;
        }
    }

    void add_waiting(allotment& pool) {
        auto const count = random_.between(1, 5);
        for (std::int32_t each = 0; each != count; ++each) {
            auto const at = static_cast<std::uint32_t>(random_.below(out_.principals_.size()));
            if (out_.principals_[at].kind == principal_kind::user)
                pool.waiting.push_back(
                    {random_.guid(), date(2025, random_, false) + "T17:11:10.6635939+00:00", at});
        }
    }

    void add_indexes() {
        auto const add = [](index& into, std::string const& key, std::size_t at) {
            into.emplace(key, static_cast<std::uint32_t>(at));
        };
        out_.assignment_by_id_.reserve(out_.assignments_.size());
        for (std::size_t at = 0; at != out_.assignments_.size(); ++at)
            add(out_.assignment_by_id_, out_.assignments_[at].id, at);
        for (std::size_t at = 0; at != out_.allotments_.size(); ++at)
            add(out_.allotment_by_id_, out_.allotments_[at].id, at);
        for (std::size_t at = 0; at != out_.principals_.size(); ++at) {
            auto const& each = out_.principals_[at];
            add(out_.principal_by_name_, each.id, at);
            if (!each.principal_name.empty())
                add(out_.principal_by_name_, each.principal_name, at);
        }
    }

    tenant& out_;
    tenant_params const& params_;
    draws random_;
    std::array<choice, 3> choices_;
};

tenant::tenant(tenant_params params) : seed_(params.seed) {
    builder(*this, params).build();
}

std::optional<std::uint32_t> tenant::find_assignment(std::string_view id) const {
    auto const found = assignment_by_id_.find(id);
    return found == assignment_by_id_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint32_t> tenant::find_allotment(std::string_view id) const {
    auto const found = allotment_by_id_.find(id);
    return found == allotment_by_id_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint32_t> tenant::find_principal(principal_kind kind, std::string_view name) const {
    auto const found = principal_by_name_.find(name);
    if (found == principal_by_name_.end() || principals_[found->second].kind != kind)
        return std::nullopt;
    return found->second;
}

std::pair<std::uint32_t, std::uint32_t> tenant::assignments_of(std::uint32_t principal) const {
    auto const first = std::ranges::lower_bound(assignments_, principal, {}, &assignment::principal);
    auto const last = std::ranges::upper_bound(assignments_, principal, {}, &assignment::principal);
    auto const position = [this](auto at) { return static_cast<std::uint32_t>(at - assignments_.begin()); };
    return {position(first), position(last)};
}

std::vector<std::string> tenant::references() const {
    // A stream of its own: asking for references leaves every other draw as it is.
    draws random(seed_ ^ 0x5265'6665'7265'6e63);
    std::vector<std::string> out;
    out.reserve(assignments_.size());
    for (auto const& each : assignments_) {
        auto const& owner = principals_[each.principal];
        auto const draw = random.below(10);
        if (owner.kind == principal_kind::user && draw >= 4)
            out.push_back("users/" + (draw < 7 ? owner.id : owner.principal_name) + '/' + each.id);
        else if (owner.kind == principal_kind::group && draw >= 3)
            out.push_back("groups/" + owner.id + '/' + each.id);
        else
            out.push_back(each.id);
    }
    return out;
}

}
