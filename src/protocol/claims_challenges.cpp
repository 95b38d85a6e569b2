#include "protocol/claims_challenges.hpp"

#include <algorithm>

namespace allot {

std::optional<std::string> claims_challenges::add(
    std::string const& claims, std::uint64_t generation, bool needed_by_all, time_point now) {
    auto* known = find(claims);
    if (!known) {
        if (!make_room(now))
            return "Graph asks for ever other claims";
        all_.push_back({.claims = claims, .needed_by_all = needed_by_all});
        return std::nullopt;
    }
    if (known->answer.generation == generation)
        return "the token that was fetched with the claims Graph asks for is refused as well";
    if (known->is_refused(now) && !needed_by_all)
        return "no token with the claims Graph asks for: " + known->refused->message;
    known->needed_by_all = known->needed_by_all || needed_by_all;
    known->refused.reset();
    if (!known->has_token(now))
        known->answer = {};
    return std::nullopt;
}

claims_challenges::challenge* claims_challenges::find(std::string_view claims) noexcept {
    auto const found = std::ranges::find(all_, claims, &challenge::claims);
    return found == all_.end() ? nullptr : &*found;
}

std::string claims_challenges::needed() const {
    auto const found = std::ranges::find_if(
        all_, [](challenge const& each) { return each.needed_by_all && each.is_open(); });
    return found == all_.end() ? std::string() : found->claims;
}

void claims_challenges::drop(std::uint64_t generation) noexcept {
    for (auto& each : all_)
        if (each.answer.generation == generation)
            each.answer.token.reset();
}

void claims_challenges::forget_settled() {
    std::erase_if(all_, [](challenge const& each) { return !each.is_open() || each.refused; });
}

bool claims_challenges::make_room(time_point now) {
    if (all_.size() < most)
        return true;
    return std::erase_if(
               all_, [now](challenge const& each) { return !each.is_open() && !each.has_token(now); }) != 0;
}

}
