#include "protocol/token_cache_state.hpp"

#include <algorithm>
#include <utility>

namespace allot {

token_cache_state::decision token_cache_state::on_get(time_point now) {
    if (valid(now)) {
        auto const end = current_.token->expires_at;
        if (fetching(now))
            return {answer::serve, std::min(end, running_->started + fetch_limit), {}};
        if (now < refresh_at_)
            return {answer::serve, std::min(end, refresh_at_), {}};
        auto started = start_fetch(now);
        return {answer::serve, std::min(end, now + fetch_limit), std::move(started)};
    }
    if (fetching(now))
        return {answer::wait, running_->started + fetch_limit, {}};
    if (now < failed_until_)
        return {answer::fail, failed_until_, {}};
    auto started = start_fetch(now);
    return {answer::wait, now + fetch_limit, std::move(started)};
}

token_cache_state::fetch token_cache_state::start_fetch(time_point now) {
    running_ = running_fetch{++fetches_, now, !claims_.empty()};
    return {fetches_, std::exchange(claims_, {})};
}

void token_cache_state::on_fetched(std::uint64_t fetch_id, access_token token) {
    if (!running_ || running_->id != fetch_id)
        return;
    with_claims_ = running_->with_claims;
    untried_ = std::exchange(replacing_, false);
    running_.reset();
    failure_.reset();
    failed_until_ = time_point::min();
    refresh_at_ = token.refresh_time();
    current_.token = std::make_shared<access_token const>(std::move(token));
    ++current_.generation;
}

void token_cache_state::on_failed(std::uint64_t fetch_id, time_point now, failure reason) {
    if (!running_ || running_->id != fetch_id)
        return;
    running_.reset();
    // That a fetch was cancelled says nothing of the source.
    bool const ended_by_us = reason.code == errc::cancelled;
    failed_until_ = ended_by_us ? now : now + failure_hold;
    failure_ = std::move(reason);
    if (!valid(now))
        return;
    auto const left = current_.token->expires_at - now;
    auto const pause = std::clamp<time_point::duration>(left / 2, failure_hold, early_retry);
    refresh_at_ = ended_by_us ? now : now + pause;
}

void token_cache_state::reject(std::uint64_t generation, std::string claims, time_point now, failure why) {
    if (generation != current_.generation || !current_.token)
        return;
    current_.token.reset();
    replacing_ = true;
    bool const new_challenge = !claims.empty() && !with_claims_;
    if (untried_ && !new_challenge) {
        failure_ = std::move(why);
        failed_until_ = now + refusal_hold;
        return;
    }
    if (claims.empty())
        return;
    claims_ = std::move(claims);
    // What is being fetched does not answer the challenge.
    running_.reset();
}

void token_cache_state::accept(std::uint64_t generation) noexcept {
    if (generation == current_.generation)
        untried_ = false;
}

}
