#include "protocol/connect_race_state.hpp"

#include "protocol/target.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace allot {
namespace {

/// Beyond these an error's text only counts them.
constexpr std::size_t most_reported = 16;

}

connect_race_state::connect_race_state(std::vector<network_address> addresses, time_point until) :
    addresses_(std::move(addresses)),
    attempts_(addresses_.size()),
    until_(until) {}

race_action connect_race_state::end(race_step step, std::size_t attempt) {
    end_ = race_action{.step = step, .attempt = attempt};
    return *end_;
}

void connect_race_state::take(time_point now, race_event const& event) {
    switch (event.news) {
    case race_news::time:
        return;
    case race_news::cancelled:
        end(race_step::cancelled);
        return;
    case race_news::connected:
    case race_news::failed:
        break;
    }
    assert(event.attempt < attempts_.size());
    auto& of = attempts_[event.attempt];
    if (of.now != phase::pending)
        return;
    --pending_;
    if (event.news == race_news::connected) {
        of.now = phase::connected;
        end(race_step::won, event.attempt);
        return;
    }
    of.now = phase::failed;
    of.why = cause_ = event.why;
    next_start_ = now;
}

race_action connect_race_state::resume(time_point now, race_event const& event) {
    if (!end_)
        take(now, event);
    return end_ ? *end_ : next(now);
}

race_action connect_race_state::next(time_point now) {
    bool const all_tried = started_ == attempts_.size();
    if (all_tried && pending_ == 0)
        return end(race_step::lost);
    if (now >= until_)
        return end(race_step::out_of_time);
    if (all_tried)
        return {.step = race_step::wait, .until = until_};
    if (now < next_start_)
        return {.step = race_step::wait, .until = std::min(until_, next_start_)};
    attempts_[started_].now = phase::pending;
    attempts_[started_].started = now;
    next_start_ = now + delay;
    ++pending_;
    return {.step = race_step::start, .attempt = started_++};
}

address_verdict connect_race_state::verdict(entry const& of) const noexcept {
    switch (of.now) {
    case phase::untried:
        return address_verdict::none;
    case phase::connected:
        return address_verdict::worked;
    case phase::failed:
        return address_verdict::failed;
    case phase::pending:
        break;
    }
    if (end_->step == race_step::out_of_time)
        return address_verdict::failed;
    // One that was overtaken although it had a start is black-holed, or at least slow.
    bool const overtaken =
        end_->step == race_step::won && attempts_[end_->attempt].started - of.started >= delay;
    return overtaken ? address_verdict::failed : address_verdict::none;
}

void connect_race_state::teach(address_memory& memory, time_point now) const {
    assert(end_);
    for (std::size_t i = 0; i != attempts_.size(); ++i)
        memory.note(now, addresses_[i], verdict(attempts_[i]));
}

std::string connect_race_state::report(std::uint16_t port) const {
    std::string text;
    auto const count = std::min(attempts_.size(), most_reported);
    for (std::size_t i = 0; i != count; ++i) {
        auto const& of = attempts_[i];
        text.append(i == 0 ? "" : ", ").append(host_and_port(addresses_[i].text, port)).append(" (");
        switch (of.now) {
        case phase::untried:
            text += "not tried";
            break;
        case phase::pending:
            text += "no answer";
            break;
        case phase::connected:
            text += "connected";
            break;
        case phase::failed:
            text += of.why.message();
            break;
        }
        text += ')';
    }
    if (count < attempts_.size())
        text += " and " + std::to_string(attempts_.size() - count) + " more";
    return text;
}

}
