#include "protocol/token_cache_state.hpp"

#include <algorithm>
#include <utility>

namespace allot {

token_cache_state::decision token_cache_state::on_get(time_point now, std::string_view claims) {
    if (auto const* const asked = challenges_.find(claims)) {
        if (asked->has_token(now))
            return {answer::serve, asked->answer.token->expires_at, asked->answer};
        if (asked->is_refused(now))
            return {answer::fail, asked->refused_until, {}, asked->refused};
        if (asked->is_open())
            return without_token(now, asked->claims);
    }
    if (!valid(now))
        return without_token(now, challenges_.needed());
    decision out{answer::serve, current_.token->expires_at, current_};
    if (!fetching(now)) {
        if (now < refresh_at_) {
            out.until = std::min(out.until, refresh_at_);
            return out;
        }
        out.start = start_fetch(now, challenges_.needed());
    }
    out.until = std::min(out.until, running_->started + fetch_limit);
    return out;
}

token_cache_state::decision token_cache_state::without_token(time_point now, std::string claims) {
    if (!fetching(now) && now < failed_until_)
        return {passing_ ? answer::hold : answer::fail, failed_until_, {}, failure_};
    decision out{answer::wait, {}};
    if (passing_)
        out.why = failure_;
    if (!fetching(now))
        out.start = start_fetch(now, std::move(claims));
    out.until = running_->started + fetch_limit;
    return out;
}

token_cache_state::fetch token_cache_state::start_fetch(time_point now, std::string claims) {
    running_ = running_fetch{++fetches_, now};
    return {fetches_, std::move(claims)};
}

void token_cache_state::on_fetched(fetch const& ended, time_point now, access_token token) {
    if (running_ && running_->id == ended.id)
        running_.reset();
    else if (ended.id <= refused_fetches_)
        return;
    bool const with_claims = !ended.claims.empty();
    auto const refresh_at = std::max(token.refresh_time(), now + refresh_pause);
    cached_token const fetched{std::make_shared<access_token const>(std::move(token)), ended.id, with_claims};
    if (auto* const asked = challenges_.find(ended.claims)) {
        asked->answer = fetched;
        asked->refused.reset();
    }
    if (ended.id < current_.generation)
        return;
    current_ = fetched;
    refresh_at_ = refresh_at;
    had_token_ = true;
    failure_.reset();
    failed_until_ = time_point::min();
    passing_ = false;
    failures_ = 0;
    untried_ = replacing_ && ended.id > refused_fetches_;
    replacing_ = replacing_ && !untried_;
    if (!with_claims)
        challenges_.forget_settled();
}

void token_cache_state::on_failed(
    fetch const& ended, time_point now, failure reason, std::optional<duration> hint) {
    if (!running_ || running_->id != ended.id)
        return;
    running_.reset();
    // That a fetch was cancelled says nothing of the source.
    if (reason.code == errc::cancelled)
        return;
    bool const lasting = reason.reason == end_reason::permanent;
    auto const at_least = [&hint](duration pause) {
        return std::max(pause, hint.value_or(duration::zero()));
    };
    if (auto* const asked = challenges_.find(ended.claims); asked && !asked->needed_by_all) {
        asked->refused_until = lasting ? time_point::max() : now + at_least(early_retry);
        asked->refused = std::move(reason);
        return;
    }
    failure_ = std::move(reason);
    passing_ = had_token_ && !lasting;
    bool const serves = valid(now);
    if (serves) {
        auto const left = current_.token->expires_at - now;
        refresh_at_ = now + at_least(std::clamp<duration>(left / 2, failure_hold, early_retry));
    }
    auto hold = duration(failure_hold);
    // Nobody waits for an early refresh.
    if (passing_ && (!serves || !ended.claims.empty()))
        hold = std::min<duration>(longest_hold, failure_hold * (1 << std::min(failures_++, 10u)));
    failed_until_ = now + at_least(hold);
}

token_cache_state::outlook
token_cache_state::reject(std::uint64_t generation, std::string const& claims, time_point now, failure why) {
    challenges_.drop(generation);
    if (current_.token && generation == current_.generation) {
        current_.token.reset();
        replacing_ = true;
        refused_ = generation;
        refused_fetches_ = fetches_;
        bool const new_challenge = !claims.empty() && !current_.answers_challenge;
        if (untried_ && !new_challenge) {
            outlook out{refused_fetches_, why.message};
            failure_ = std::move(why);
            failed_until_ = now + refusal_hold;
            passing_ = false;
            return out;
        }
    }
    outlook out{generation == refused_ ? refused_fetches_ : fetches_};
    if (!claims.empty())
        out.hopeless = challenges_.add(claims, generation, true, now).value_or("");
    return out;
}

token_cache_state::outlook
token_cache_state::challenge(std::uint64_t generation, std::string const& claims, time_point now) {
    return {fetches_, challenges_.add(claims, generation, false, now).value_or("")};
}

void token_cache_state::accept(std::uint64_t generation) noexcept {
    if (generation != current_.generation)
        return;
    untried_ = false;
    replacing_ = replacing_ && !current_.token;
}

}
