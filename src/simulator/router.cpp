#include "simulator/router.hpp"

#include "simulator/cloud_hosts.hpp"
#include "simulator/graph_errors.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>

namespace allot::simulation {
namespace {

/// Bodies are kept for so many different queries; a client uses one or two.
constexpr std::size_t most_queries = 64;

/// The decoded segments of an absolute path, or nothing when it is not well formed.
std::optional<std::vector<std::string>> split(std::string_view path) {
    std::vector<std::string> out;
    if (!path.starts_with('/'))
        return std::nullopt;
    while (!path.empty()) {
        path.remove_prefix(1);
        auto const segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        auto decoded = percent_decode(segment);
        if (!decoded || decoded->empty())
            return std::nullopt;
        out.push_back(std::move(*decoded));
    }
    return out;
}

reply unknown_segment(exchange const& of, std::string const& segment) {
    return graph_error(of, 400, "BadRequest", "Resource not found for the segment '" + segment + "'.");
}

reply unknown_principal(exchange const& of, std::string const& name) {
    return graph_error(
        of, 404, "Request_ResourceNotFound",
        "Resource '" + name +
            "' does not exist or one of its queried reference-property objects are not present.");
}

reply with_body(exchange const& of, std::shared_ptr<std::string const> body) {
    return {200, graph_fields(of), std::move(body), false};
}

reply with_body(exchange const& of, std::string body) {
    return with_body(of, std::make_shared<std::string const>(std::move(body)));
}

}

router::router(tenant const& from, std::string graph_url, answer_shape shape, page_params pages) :
    tenant_(from),
    graph_url_(std::move(graph_url)),
    shape_(shape),
    pages_(pages),
    writer_(from, graph_url_ + "/beta") {}

std::string router::base_url(request const& what) const {
    auto const host = what.find("Host").value_or("");
    return is_cloud_graph_host(host) ? "https://" + std::string(host) : graph_url_;
}

reply router::answer(request const& what, exchange const& of) {
    auto const segments = split(what.path());
    if (!segments)
        return graph_error(of, 400, "BadRequest", "The request target is not well formed.");
    if (what.method != "GET") {
        auto out = graph_error(of, 405);
        out.fields.push_back({"Allow", "GET"});
        return out;
    }
    return route(what, of, *segments);
}

reply router::route(request const& what, exchange const& of, std::vector<std::string> const& segments) {
    if (segments[0] != "beta") {
        // The types of cloudLicensing are in no v1.0 metadata.
        return segments[0] == "v1.0"
                   ? unknown_segment(of, "cloudLicensing")
                   : graph_error(of, 400, "BadRequest", "Invalid version: " + segments[0] + ".");
    }
    if (segments.size() < 2)
        return graph_error(of, 400, "BadRequest", "The request target names no resource.");
    auto const& root = segments[1];
    if (root == "admin")
        return below_scope(what, of, segments, 2, std::nullopt);
    if (root == "me")
        return graph_error(
            of, 400, "BadRequest", "/me request is only valid with delegated authentication flow.");
    if (root != "users" && root != "groups")
        return unknown_segment(of, root);
    if (segments.size() < 3)
        return graph_error(of, 400, "BadRequest", "The request target names no member of '" + root + "'.");
    auto const kind = root == "users" ? principal_kind::user : principal_kind::group;
    auto const owner = tenant_.find_principal(kind, segments[2]);
    if (!owner)
        return unknown_principal(of, segments[2]);
    return below_scope(what, of, segments, 3, owner);
}

reply router::below_scope(
    request const& what, exchange const& of, std::vector<std::string> const& segments, std::size_t at,
    std::optional<std::uint32_t> owner) {
    auto const count = segments.size() - at;
    auto const is = [&](std::size_t offset, std::string_view name) {
        return offset < count && segments[at + offset] == name;
    };
    if (is(0, "cloudLicensing") && is(1, "allotments") && !owner && count == 4 && is(3, "assignments"))
        return assignments_of_allotment(what, of, segments[at + 2]);
    if (!is(0, "cloudLicensing"))
        return unknown_segment(of, count == 0 ? segments.back() : segments[at]);
    if (is(1, "assignments") && count == 2)
        return assignments_of_scope(what, of, owner);
    if (!is(1, "assignments") || count < 3)
        return unknown_segment(of, segments.back());
    if (count > 4 || (count == 4 && !is(3, "allotment")))
        return unknown_segment(of, segments[at + 3]);
    auto const assignment = tenant_.find_assignment(segments[at + 2]);
    if (!assignment || (owner && tenant_.assignments()[*assignment].principal != *owner))
        return graph_error(of, 404);
    return count == 4 ? allotment_of(what, of, *assignment) : assignment_itself(what, of, *assignment);
}

reply router::allotment_of(request const& what, exchange const& of, std::uint32_t assignment) {
    auto const query = what.query();
    auto found = queries_.find(std::string(query));
    if (found == queries_.end()) {
        auto parsed = parse_query(query, allotment_type);
        if (auto const* problem = std::get_if<query_problem>(&parsed))
            return graph_error(of, 400, "BadRequest", problem->message);
        if (queries_.size() == most_queries)
            queries_.clear();
        known_query added{
            std::get<selection>(std::move(parsed)), std::vector<body>(tenant_.allotments().size())};
        found = queries_.emplace(std::string(query), std::move(added)).first;
    }
    auto const allotment = tenant_.assignments()[assignment].allotment;
    if (!allotment) {
        // OData 4.01 part 1, section 11.2.7: a single navigation to nothing.
        reply out{204, graph_fields(of), nullptr};
        remove_field(out.fields, "Content-Type");
        return out;
    }
    auto& kept = found->second.bodies[*allotment];
    if (!kept)
        kept = std::make_shared<std::string const>(
            writer_.allotment_answer(*allotment, found->second.what, shape_));
    return with_body(of, kept);
}

reply router::assignment_itself(request const& what, exchange const& of, std::uint32_t assignment) {
    auto const parsed = parse_query(what.query(), assignment_type);
    if (auto const* problem = std::get_if<query_problem>(&parsed))
        return graph_error(of, 400, "BadRequest", problem->message);
    return with_body(of, writer_.assignment_answer(assignment, std::get<selection>(parsed), shape_));
}

reply router::assignments_of_allotment(
    request const& what, exchange const& of, std::string const& allotment) {
    auto const found = tenant_.find_allotment(allotment);
    if (!found)
        return graph_error(of, 404);
    auto const& all = tenant_.allotments()[*found].assignments;
    return page_of(
        what, of, "admin/cloudLicensing/allotments('" + allotment + "')/assignments", all.size(),
        [&all](std::size_t at) { return all[at]; });
}

reply router::assignments_of_scope(
    request const& what, exchange const& of, std::optional<std::uint32_t> owner) {
    std::pair<std::uint32_t, std::uint32_t> range(
        0, static_cast<std::uint32_t>(tenant_.assignments().size()));
    std::string context = "admin";
    if (owner) {
        auto const& principal = tenant_.principals()[*owner];
        range = tenant_.assignments_of(*owner);
        context = (principal.kind == principal_kind::user ? "users('" : "groups('") + principal.id + "')";
    }
    return page_of(
        what, of, context + "/cloudLicensing/assignments", range.second - range.first,
        [range](std::size_t at) { return static_cast<std::uint32_t>(range.first + at); });
}

reply router::page_of(
    request const& what, exchange const& of, std::string context, std::size_t size,
    std::function<std::uint32_t(std::size_t)> const& element) {
    auto const parsed = parse_query(what.query(), assignment_type, paging::pages);
    if (auto const* problem = std::get_if<query_problem>(&parsed))
        return graph_error(of, 400, "BadRequest", problem->message);
    auto const& selected = std::get<selection>(parsed);
    page_content page;
    page.context = std::move(context);
    auto const first = std::min(selected.skip, size);
    auto const most = selected.empty ? 0 : selected.top != 0 ? selected.top : pages_.size;
    auto const last = first + std::min(most, size - first);
    for (auto at = first; at != last; ++at)
        page.assignments.push_back(element(at));
    bool const empty_next = pages_.empty && !selected.empty;
    if (empty_next || last != size)
        page.next_link =
            base_url(what) + std::string(what.path()) + '?' + next_query(what.query(), last, empty_next);
    auto out = with_body(of, writer_.assignments_page(page, selected, pages_.link_last));
    out.list = true;
    return out;
}

}
