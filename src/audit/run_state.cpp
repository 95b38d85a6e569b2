#include "audit/run_state.hpp"

#include "audit/permissions.hpp"

#include <utility>

namespace allot {
namespace {

bool is(batch_item const& item, errc code) {
    return !item.result && item.result.error().code == code;
}

}

run_state::verdict run_state::on_item(batch_item const& item) {
    auto const before = phase_;
    verdict out;
    if (!item.result)
        out.is_row = !cuts_off(item.result.error());
    if (out.is_row)
        judge_start(item);
    if (phase_ != before)
        out.next = action::stop;
    return out;
}

// True when the failure says nothing about its reference: the item stays pending.
bool run_state::cuts_off(failure const& why) {
    if (why.code == errc::cancelled)
        return phase_ == phase::cancelled;
    if (why.code == errc::parked) {
        stop_for(run_cause::parked, to_string(why));
        if (end_.cause == run_cause::parked && why.retry_at &&
            (!end_.resume_at || *end_.resume_at < *why.retry_at))
            end_.resume_at = why.retry_at;
        return true;
    }
    // A source that fails is waited for before it comes to this; it will not give the rest a token either. A
    // 401 that came too late for another token tells nothing.
    if (why.code == errc::token_unavailable ||
        (why.code == errc::unauthorized && why.reason != end_reason::deadline)) {
        stop_for(
            run_cause::no_token,
            (why.code == errc::unauthorized ? "Graph refuses the token (401): " : "") + to_string(why));
        return true;
    }
    return false;
}

void run_state::judge_start(batch_item const& item) {
    if (items_ == telling_answers)
        return;
    ++items_;
    forbidden_ += is(item, errc::forbidden) ? 1 : 0;
    untrusted_ += is(item, errc::certificate_rejected) || is(item, errc::proxy_refused) ? 1 : 0;
    scopes_[static_cast<std::size_t>(item.reference.scope())] = true;
    if (forbidden_ == telling_answers)
        stop_for(
            run_cause::forbidden, "Graph refused the first 20 assignments (403). " + missing_permissions() +
                                      ". Grant it with admin consent and run again. The last answer: " +
                                      to_string(item.result.error()));
    if (untrusted_ == telling_answers)
        stop_for(run_cause::untrusted, to_string(item.result.error()));
}

std::string run_state::missing_permissions() const {
    std::string out;
    for (auto const scope : {assignment_scope::admin, assignment_scope::user, assignment_scope::group}) {
        if (!scopes_[static_cast<std::size_t>(scope)])
            continue;
        if (!out.empty())
            out += "; ";
        out += needed_permission(scope);
    }
    return out;
}

void run_state::stop_for(run_cause cause, std::string message) {
    if (phase_ != phase::running)
        return;
    phase_ = phase::stopping;
    end_.cause = cause;
    end_.message = std::move(message);
}

run_state::action run_state::on_signal(int signal_number) {
    if (phase_ == phase::running) {
        stop_for(run_cause::signal, {});
        end_.signal_number = signal_number;
        return action::stop;
    }
    return on_grace_over();
}

run_state::action run_state::on_grace_over() {
    if (phase_ == phase::cancelled)
        return action::none;
    phase_ = phase::cancelled;
    return action::cancel;
}

}
