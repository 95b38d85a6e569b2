#include "protocol/lookup_state.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace allot {
namespace {

/// Names without a recent use are dropped when there are more.
constexpr std::size_t most_names = 64;

}

lookup_state::lookup_state(lookup_params const& params) : params_(params) {}

lookup_answer lookup_state::stale(time_point now, entry const& of) const {
    return of.answer && now - of.answered < params_.longest_stale ? of.answer : lookup_answer();
}

lookup_answer lookup_state::stale(time_point now, std::string const& host) const {
    auto const found = names_.find(host);
    return found == names_.end() ? lookup_answer() : stale(now, found->second);
}

std::size_t lookup_state::hung_count(time_point now) const {
    std::size_t count = 0;
    for (auto const& [host, each] : names_)
        for (auto const& one : each.lookups)
            count += hangs(now, one) ? 1 : 0;
    return count;
}

void lookup_state::forget_old(time_point now) {
    if (names_.size() > most_names)
        std::erase_if(names_, [now](auto const& each) {
            return each.second.lookups.empty() && now >= each.second.fresh_until;
        });
}

lookup_decision lookup_state::ask(time_point now, std::string const& host) {
    forget_old(now);
    auto& of = names_[host];
    if (of.answer && now < of.fresh_until)
        return {.step = lookup_step::use, .answer = of.answer};

    auto const old = stale(now, of);
    lookup_decision made{.step = lookup_step::start, .answer = {}};
    if (!of.lookups.empty() && now - of.lookups.back().started < params_.given_up_after) {
        made.step = lookup_step::join;
        if (old)
            made.stale_at = of.lookups.back().started + params_.patience;
        if (now >= made.stale_at)
            return {.step = lookup_step::use, .answer = old};
        return made;
    }
    if (of.lookups.size() >= params_.most_of_one_name || hung_count(now) >= params_.most_hung) {
        made.step = old ? lookup_step::use : lookup_step::refuse;
        made.answer = old;
        return made;
    }
    made.lookup = ++last_lookup_;
    of.lookups.push_back({made.lookup, now});
    if (old)
        made.stale_at = now + params_.patience;
    return made;
}

bool lookup_state::remove(entry& of, std::uint64_t lookup) {
    auto const found = std::find_if(
        of.lookups.begin(), of.lookups.end(), [lookup](auto const& each) { return each.id == lookup; });
    assert(found != of.lookups.end());
    bool const newest = found + 1 == of.lookups.end();
    of.lookups.erase(found);
    return newest;
}

lookup_answer lookup_state::found(
    time_point now, std::string const& host, std::uint64_t lookup, std::vector<network_address> addresses) {
    assert(!addresses.empty());
    auto& of = names_[host];
    remove(of, lookup);
    if (lookup < of.answered_by && of.answer)
        return of.answer;
    of.answer.addresses = std::make_shared<std::vector<network_address> const>(std::move(addresses));
    of.answer.version = ++last_version_;
    of.answered_by = lookup;
    of.answered = now;
    of.fresh_until = now + params_.lifetime;
    return of.answer;
}

lookup_setback
lookup_state::failed(time_point now, std::string const& host, std::uint64_t lookup, bool no_such_name) {
    auto& of = names_[host];
    bool const newest = remove(of, lookup);
    lookup_setback made{.concerns_waiters = newest && lookup > of.answered_by, .answer = {}};
    if (!made.concerns_waiters)
        return made;
    if (no_such_name)
        of.answer = {};
    made.answer = stale(now, of);
    // Name servers in trouble are not asked more often than others.
    if (made.answer)
        of.fresh_until = now + params_.lifetime;
    return made;
}

void lookup_state::distrust(std::string const& host, std::uint64_t version) {
    auto const found = names_.find(host);
    if (found != names_.end() && found->second.answer.version == version)
        found->second.fresh_until = time_point::min();
}

std::string lookup_state::hung(time_point now) const {
    std::string text;
    for (auto const& [host, each] : names_)
        if (std::any_of(
                each.lookups.begin(), each.lookups.end(), [&](auto const& one) { return hangs(now, one); }))
            text.append(text.empty() ? "" : ", ").append(host);
    return text;
}

}
