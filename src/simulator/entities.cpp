#include "simulator/entities.hpp"

#include "simulator/json_writer.hpp"

#include <algorithm>
#include <span>

namespace allot::simulation {
namespace {

/// Asks a mask for one member after the other, in the order of the type's member list.
class member_filter {
public:
    explicit member_filter(member_mask mask) noexcept : mask_(mask) {}
    bool next() noexcept {
        bool const wanted = (mask_ & 1U) != 0;
        mask_ = static_cast<member_mask>(mask_ >> 1U);
        return wanted;
    }

private:
    member_mask mask_;
};

void write_type(json_writer& out, std::string_view name) {
    out.text_member("@odata.type", "#microsoft.graph." + std::string(name));
}

void write_services(json_writer& out, product const& sku) {
    out.key("services").begin_array();
    for (auto const& each : sku.services) {
        out.begin_object();
        // The documents spell the type of a service without "#".
        out.text_member("@odata.type", "microsoft.graph.cloudLicensing.service");
        out.text_member("assignableTo", each.assignable_to);
        out.text_member("planId", each.id).text_member("planName", each.name).end_object();
    }
    out.end_array();
}

void write_subscriptions(json_writer& out, std::span<subscription const> list) {
    out.key("subscriptions").begin_array();
    for (auto const& each : list) {
        out.begin_object();
        write_type(out, "cloudLicensing.subscription");
        out.text_member("subscriptionId", each.id).text_member("nextLifecycleDate", each.next_lifecycle_date);
        out.text_member("startDate", each.start_date).text_member("state", each.state);
        out.text_member("tags", each.tags).end_object();
    }
    out.end_array();
}

std::string next_link(std::string const& root, allotment const& of, std::size_t skip, member_mask members) {
    auto out = root + "/admin/cloudLicensing/allotments/" + of.id +
               "/assignments?$skiptoken=" + std::to_string(skip);
    if (members == every_member)
        return out;
    auto separator = "&$select=";
    for (std::size_t at = 0; at != assignment_type.members.size(); ++at) {
        if ((members >> at & 1U) == 0)
            continue;
        out += separator;
        out += assignment_type.members[at];
        separator = ",";
    }
    return out;
}

/// Writes members into an object the caller has begun.
class member_writer {
public:
    member_writer(json_writer& out, tenant const& from, std::string const& root) :
        out_(out),
        tenant_(from),
        root_(root) {}

    void allotment_members(std::uint32_t index, selection const& what) {
        auto const& each = tenant_.allotments()[index];
        auto const& sku = tenant_.products()[each.product];
        member_filter wanted(what.members);
        if (wanted.next())
            out_.text_member("id", each.id);
        if (wanted.next())
            out_.number_member("allottedUnits", each.allotted_units);
        if (wanted.next())
            out_.text_member("assignableTo", sku.assignable_to);
        if (wanted.next())
            out_.number_member("consumedUnits", each.consumed_units);
        if (wanted.next())
            write_services(out_, sku);
        if (wanted.next())
            out_.text_member("skuId", sku.id);
        if (wanted.next())
            out_.text_member("skuPartNumber", sku.part_number);
        if (wanted.next())
            write_subscriptions(out_, each.subscriptions);
        for (auto const& expansion : what.expansions) {
            if (allotment_type.navigations[expansion.navigation].target == &assignment_type)
                expanded_assignments(each, expansion.members);
            else
                expanded_waiting(each, expansion.members);
        }
    }

    void assignment_members(std::uint32_t index, selection const& what) {
        auto const& each = tenant_.assignments()[index];
        member_filter wanted(what.members);
        if (wanted.next())
            out_.text_member("id", each.id);
        if (wanted.next())
            disabled_plans(each);
        for (auto const& expansion : what.expansions) {
            auto const& navigation = assignment_type.navigations[expansion.navigation];
            out_.key(navigation.name);
            if (navigation.target == &directory_object_type)
                assignee(each.principal, expansion.members);
            else
                expanded_allotment(each, expansion.members);
        }
    }

private:
    void disabled_plans(assignment const& of) {
        out_.key("disabledServicePlanIds").begin_array();
        if (of.allotment) {
            auto const& services = tenant_.products()[tenant_.allotments()[*of.allotment].product].services;
            for (std::size_t at = 0; at != services.size(); ++at)
                if ((of.disabled_services >> at & 1U) != 0)
                    out_.text(services[at].id);
        }
        out_.end_array();
    }

    void assignee(std::uint32_t index, member_mask members) {
        auto const& each = tenant_.principals()[index];
        auto const type = each.kind == principal_kind::user    ? "user"
                          : each.kind == principal_kind::group ? "group"
                                                               : "device";
        out_.begin_object();
        write_type(out_, type);
        member_filter wanted(members);
        if (wanted.next())
            out_.text_member("id", each.id);
        if (wanted.next())
            out_.text_member("displayName", each.display_name);
        if (wanted.next() && each.kind == principal_kind::user)
            out_.text_member("userPrincipalName", each.principal_name);
        out_.end_object();
    }

    void expanded_allotment(assignment const& of, member_mask members) {
        if (!of.allotment) {
            out_.null();
            return;
        }
        selection nested;
        nested.members = members;
        out_.begin_object();
        write_type(out_, "cloudLicensing.allotment");
        allotment_members(*of.allotment, nested);
        out_.end_object();
    }

    void expanded_assignments(allotment const& of, member_mask members) {
        selection nested;
        nested.members = members;
        out_.key("assignments").begin_array();
        for (auto const index : std::span(of.assignments).first(std::min(of.assignments.size(), page_size))) {
            out_.begin_object();
            write_type(out_, "cloudLicensing.assignment");
            assignment_members(index, nested);
            out_.end_object();
        }
        out_.end_array();
        if (of.assignments.size() > page_size)
            out_.text_member("assignments@odata.nextLink", next_link(root_, of, page_size, members));
    }

    void expanded_waiting(allotment const& of, member_mask members) {
        out_.key("waitingMembers").begin_array();
        for (auto const& each : of.waiting) {
            member_filter wanted(members);
            out_.begin_object();
            write_type(out_, "cloudLicensing.waitingMember");
            if (wanted.next())
                out_.text_member("id", each.id);
            if (wanted.next())
                out_.text_member("waitingSinceDateTime", each.since);
            out_.end_object();
        }
        out_.end_array();
    }

    json_writer& out_;
    tenant const& tenant_;
    std::string const& root_;
};

void begin_answer(json_writer& json, answer_shape shape, std::string_view type, std::string const& context) {
    json.begin_object();
    if (shape == answer_shape::bare) {
        json.text_member("@odata.context", context);
    } else {
        json.key("value").begin_object();
        write_type(json, type);
    }
}

void end_answer(json_writer& json, answer_shape shape) {
    json.end_object();
    if (shape == answer_shape::value)
        json.end_object();
}

}

std::string
entity_writer::allotment_answer(std::uint32_t allotment, selection const& what, answer_shape shape) const {
    std::string out;
    json_writer json(out);
    begin_answer(
        json, shape, "cloudLicensing.allotment",
        root_ + "/$metadata#admin/cloudLicensing/allotments/$entity");
    member_writer(json, tenant_, root_).allotment_members(allotment, what);
    end_answer(json, shape);
    return out;
}

std::string
entity_writer::assignment_answer(std::uint32_t assignment, selection const& what, answer_shape shape) const {
    std::string out;
    json_writer json(out);
    begin_answer(
        json, shape, "cloudLicensing.assignment",
        root_ + "/$metadata#admin/cloudLicensing/assignments/$entity");
    member_writer(json, tenant_, root_).assignment_members(assignment, what);
    end_answer(json, shape);
    return out;
}

std::string
entity_writer::assignments_page(page_content const& page, selection const& what, bool link_last) const {
    std::string out;
    json_writer json(out);
    auto const link = [&] {
        if (!page.next_link.empty())
            json.text_member("@odata.nextLink", page.next_link);
    };
    json.begin_object().text_member("@odata.context", root_ + "/$metadata#" + page.context);
    if (!link_last)
        link();
    json.key("value").begin_array();
    for (auto const index : page.assignments) {
        json.begin_object();
        write_type(json, "cloudLicensing.assignment");
        member_writer(json, tenant_, root_).assignment_members(index, what);
        json.end_object();
    }
    json.end_array();
    if (link_last)
        link();
    json.end_object();
    return out;
}

}
