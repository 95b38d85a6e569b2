#include "io/token_refusals.hpp"

namespace allot {

void token_refusals::on_answer(
    client_token& from, cached_token const& used, attempt_report& report, failure& why) {
    if (report.transport)
        return;
    forbidden_.reset();
    bool const refused = report.status == 401;
    if (!refused && report.claims.empty())
        return;
    report.answers_challenge = used.answers_challenge;
    report.fresh_token = fresh_after_ && used.generation > *fresh_after_;
    auto const next = refused ? from.reject(used.generation, report.claims)
                              : from.challenge(used.generation, report.claims);
    if (refused && !fresh_after_)
        fresh_after_ = next.fresh_after;
    if (report.claims.empty())
        return;
    if (!next.hopeless.empty()) {
        why.message += "; " + next.hopeless;
        report.claims.clear();
        return;
    }
    claims_ = report.claims;
    if (!refused)
        forbidden_ = why;
}

failure token_refusals::without_token(failure why) {
    if (!forbidden_ || why.code != errc::token_unavailable)
        return why;
    auto made = std::move(*forbidden_);
    made.message += "; no token with the claims Graph asks for: " + why.message;
    return made;
}

}
