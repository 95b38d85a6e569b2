#include "audit/list_walk.hpp"

#include "audit/permissions.hpp"

#include <boost/asio/this_coro.hpp>

#include <string>
#include <utility>

namespace allot {
namespace {

query page_query(listing const& what) {
    query out;
    out.select("id").traceparent(what.select.traceparent());
    if (!what.with_allotments)
        return out;
    std::string members;
    for (auto const& name : what.select.selected())
        members += (members.empty() ? "" : ",") + name;
    out.expand(members.empty() ? "allotment" : "allotment($select=" + members + ')');
    return out;
}

run_cause cause_of(failure const& why) {
    if (why.code == errc::cancelled)
        return run_cause::signal;
    if (why.code == errc::parked)
        return run_cause::parked;
    if (why.code == errc::forbidden)
        return run_cause::forbidden;
    if (why.code == errc::certificate_rejected || why.code == errc::proxy_refused)
        return run_cause::untrusted;
    if (why.code == errc::unauthorized || why.code == errc::token_unavailable)
        return run_cause::no_token;
    return run_cause::unlisted;
}

run_end end_of(failure const& why, assignment_scope scope) {
    run_end out;
    out.cause = cause_of(why);
    if (out.cause == run_cause::signal)
        return out;
    out.message = to_string(why);
    if (out.cause == run_cause::forbidden)
        out.message += "; " + needed_permission(scope);
    if (out.cause == run_cause::parked)
        out.resume_at = why.retry_at;
    return out;
}

bool is_forgotten(failure const& why) {
    return why.code == errc::request_rejected || why.code == errc::not_found;
}

}

boost::asio::awaitable<std::optional<run_end>>
walk_list(client& from, listing const& what, audit_ledger& ledger) {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    bool kept_link = !ledger.walk()->empty();
    while (ledger.walk()) {
        list_params where;
        where.page_size(what.page_size).start(*ledger.walk());
        auto pages = from.list_assignments(what.scope, page_query(what), std::move(where));
        while (ledger.walk()) {
            auto const page = co_await pages.next();
            if (!page)
                break;
            if (!*page) {
                auto const& why = page->error();
                if (!std::exchange(kept_link, false) || !is_forgotten(why))
                    co_return end_of(why, what.scope.scope());
                ledger.restart_walk();
                break;
            }
            kept_link = false;
            ledger.take(**page, what.scope);
        }
    }
    co_return std::nullopt;
}

}
