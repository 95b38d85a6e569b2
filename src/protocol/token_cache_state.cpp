#include "protocol/token_cache_state.hpp"

#include <algorithm>
#include <utility>

namespace allot {

token_cache_state::decision token_cache_state::on_get(time_point now) {
    if (valid(now)) {
        auto const refresh = !fetching_ && now >= refresh_at_;
        fetching_ = fetching_ || refresh;
        return {answer::serve, refresh};
    }
    if (fetching_)
        return {answer::wait, false};
    if (now < failed_until_)
        return {answer::fail, false};
    fetching_ = true;
    return {answer::wait, true};
}

void token_cache_state::on_fetched(access_token token) {
    fetching_ = false;
    failure_.reset();
    failed_until_ = time_point::min();
    refresh_at_ = refresh_time(token);
    current_.token = std::make_shared<access_token const>(std::move(token));
    ++current_.generation;
}

void token_cache_state::on_failed(time_point now, failure reason) {
    fetching_ = false;
    // That a fetch was cancelled says nothing of the source.
    failed_until_ = reason.code == errc::cancelled ? now : now + failure_hold;
    failure_ = std::move(reason);
    refresh_at_ = now + early_retry;
}

void token_cache_state::reject(std::uint64_t generation) {
    if (generation == current_.generation)
        current_.token.reset();
}

token_cache_state::time_point token_cache_state::refresh_time(access_token const& token) {
    if (token.refresh_at)
        return *token.refresh_at;
    if (token.expires_at == time_point::max())
        return time_point::max();
    auto const life = token.expires_at - token.acquired_at;
    auto const early = std::min(token.expires_at - std::chrono::minutes(5), token.acquired_at + life / 5 * 4);
    return std::max(early, token.acquired_at + life / 2);
}

}
