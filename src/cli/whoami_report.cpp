#include "cli/whoami_report.hpp"

#include "audit/columns.hpp"
#include "audit/permissions.hpp"
#include "audit/text.hpp"
#include "cli/clock_warning.hpp"
#include "cli/duration.hpp"
#include "json/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace allot {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t name_width = 10;
constexpr std::array scopes{assignment_scope::admin, assignment_scope::user, assignment_scope::group};

struct grant {
    std::string permission;
    bool delegated;
};

std::vector<grant> grants_of(jwt_claims const& claims) {
    std::vector<grant> out;
    for (auto const& role : claims.roles)
        out.push_back({role, false});
    std::string_view left = claims.scp;
    while (!left.empty()) {
        auto const word = left.substr(0, left.find(' '));
        left.remove_prefix(std::min(left.size(), word.size() + 1));
        if (!word.empty())
            out.push_back({std::string(word), true});
    }
    return out;
}

/// The least permission of the token that reads allotments below a scope; empty for none.
std::string granted_by(std::vector<grant> const& grants, assignment_scope scope) {
    auto const known = permissions_of(scope);
    for (bool const delegated : {false, true})
        for (std::string_view const enough : delegated ? known.delegated : known.application)
            for (auto const& each : grants)
                if (each.delegated == delegated && each.permission == enough)
                    return each.permission;
    return {};
}

void add_line(std::string& out, std::string const& name, std::string const& text) {
    out += pad_right(name, name_width) + text + '\n';
}

std::string join(std::vector<std::string> const& texts) {
    std::string out;
    for (auto const& text : texts)
        out += (out.empty() ? "" : ", ") + terminal_safe(text);
    return out;
}

std::string who(std::string const& named, std::string const& in_token, bool asked) {
    if (!in_token.empty() && in_token != named)
        return terminal_safe(in_token) +
               (named.empty() ? "" : " (the source names " + terminal_safe(named) + ")");
    if (!named.empty())
        return terminal_safe(named);
    return asked ? "not known: the token cannot be read" : "not known before --roles reads the token";
}

std::string lifetime_text(whoami_report const& report) {
    if (!report.lifetime)
        return "not known: it serves until Graph refuses it";
    auto out = short_duration(*report.lifetime) + ", until " + utc_text(report.now + *report.lifetime);
    if (report.refresh_in)
        out += "; a run fetches the next one after " + short_duration(*report.refresh_in);
    return out;
}

std::string clock_text(std::chrono::seconds offset) {
    if (auto warning = clock_warning(offset))
        return std::move(*warning);
    if (offset == 0s)
        return "as that of the token endpoint";
    return short_duration(std::chrono::abs(offset)) + (offset > 0s ? " behind" : " ahead of") +
           " that of the token endpoint";
}

void add_claims(std::string& out, whoami_report const& report) {
    if (!report.asked_for_roles)
        return;
    if (!report.claims)
        return add_line(out, "roles", "not known: the token is no JWT that can be read");
    auto const& claims = *report.claims;
    if (!claims.roles.empty())
        add_line(out, "roles", join(claims.roles));
    if (!claims.scp.empty())
        add_line(out, "delegated", terminal_safe(claims.scp));
    if (claims.roles.empty() && claims.scp.empty())
        add_line(out, "roles", "none: grant one of those below, with admin consent");
    if (!claims.upn.empty())
        add_line(out, "user", terminal_safe(claims.upn));
    if (!claims.oid.empty())
        add_line(out, "object", terminal_safe(claims.oid));
    if (!claims.aud.empty())
        add_line(out, "audience", join(claims.aud));
}

void add_permissions(std::string& out, whoami_report const& report) {
    out += '\n';
    std::optional<std::vector<grant>> grants;
    if (report.claims)
        grants = grants_of(*report.claims);
    for (auto const scope : scopes) {
        auto line = needed_permission(scope);
        if (grants) {
            auto const by = granted_by(*grants, scope);
            line += by.empty() ? ": not in the token" : ": granted by " + by;
        }
        out += line + '\n';
    }
    if (report.claims)
        out += "(What the token says of itself is shown as it is: nobody has verified it here.)\n";
}

void add_member(std::string& out, std::string_view name, std::string_view text) {
    append_json_string(out, name);
    out += ':';
    if (text.empty())
        out += "null";
    else
        append_json_string(out, text);
    out += ',';
}

void add_member(std::string& out, std::string_view name, std::optional<std::chrono::seconds> value) {
    append_json_string(out, name);
    out += ':';
    out += value ? std::to_string(value->count()) : "null";
    out += ',';
}

void add_list(std::string& out, std::string_view name, std::vector<std::string> const& texts) {
    append_json_string(out, name);
    out += ":[";
    for (auto const& text : texts) {
        append_json_string(out, text);
        out += ',';
    }
    if (out.back() == ',')
        out.pop_back();
    out += "],";
}

}

std::string whoami_text(whoami_report const& report) {
    auto const claims = report.claims.value_or(jwt_claims());
    std::string out;
    add_line(out, "source", terminal_safe(report.source));
    add_line(out, "graph", terminal_safe(report.graph_url));
    add_line(out, "tenant", who(report.tenant, claims.tid, report.asked_for_roles));
    add_line(out, "client", who(report.client_id, claims.appid, report.asked_for_roles));
    add_line(out, "lifetime", lifetime_text(report));
    if (report.clock_offset)
        add_line(out, "clock", clock_text(*report.clock_offset));
    add_claims(out, report);
    add_permissions(out, report);
    return out;
}

std::string whoami_json(whoami_report const& report) {
    std::string out("{");
    add_member(out, "source", report.source);
    add_member(out, "graphUrl", report.graph_url);
    add_member(out, "tenant", report.tenant);
    add_member(out, "clientId", report.client_id);
    add_member(out, "expiresAt", report.lifetime ? utc_text(report.now + *report.lifetime) : "");
    add_member(out, "lifetimeSeconds", report.lifetime);
    add_member(out, "refreshInSeconds", report.refresh_in);
    add_member(out, "clockOffsetSeconds", report.clock_offset);
    out += R"("claims":)";
    std::vector<grant> grants;
    if (report.claims) {
        grants = grants_of(*report.claims);
        out += '{';
        add_member(out, "tid", report.claims->tid);
        add_member(out, "appid", report.claims->appid);
        add_member(out, "oid", report.claims->oid);
        add_member(out, "upn", report.claims->upn);
        add_member(out, "iss", report.claims->iss);
        add_list(out, "aud", report.claims->aud);
        add_list(out, "roles", report.claims->roles);
        add_member(out, "scp", report.claims->scp);
        out.back() = '}';
    } else {
        out += "null";
    }
    out += R"(,"permissions":[)";
    for (auto const scope : scopes) {
        auto const known = permissions_of(scope);
        out += '{';
        add_member(out, "path", known.path);
        add_member(out, "needs", known.application.front());
        add_member(out, "needsDelegated", known.delegated.front());
        add_member(out, "grantedBy", granted_by(grants, scope));
        out.back() = '}';
        out += ',';
    }
    out.back() = ']';
    out += "}\n";
    return out;
}

}
