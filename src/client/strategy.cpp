#include "client/strategy.hpp"

#include <algorithm>
#include <cmath>

namespace allot {
namespace {

std::string whole(double value) {
    return std::to_string(std::llround(value));
}

/// Tenths below 10.
std::string milliseconds_text(std::chrono::nanoseconds value) {
    auto const tenths = std::llround(std::chrono::duration<double, std::milli>(value).count() * 10);
    auto out = std::to_string(tenths / 10);
    if (tenths < 100)
        out += '.' + std::to_string(tenths % 10);
    return out + " ms";
}

}

std::optional<strategy_choice> choose_strategy(strategy_facts const& facts) {
    auto const connections = std::to_string(facts.connections) + " connections";
    if (facts.count && *facts.count <= facts.connections)
        return strategy_choice{
            batch_strategy::get,
            "no more assignments than " + connections + ", so that one round trip brings all"};
    if (!facts.answer_time)
        return std::nullopt;
    auto const rate = facts.rate.value_or(assumed_rate);
    auto const seconds = std::max(std::chrono::duration<double>(*facts.answer_time).count(), 1e-6);
    auto const reached = static_cast<double>(facts.connections) / seconds;
    auto const there = connections + " and answers in " + milliseconds_text(*facts.answer_time) +
                       " allow for " + whole(reached) + " requests/s, ";
    auto const granted = whole(rate) + (facts.rate ? "" : " that Graph is taken to grant");
    if (reached >= rate)
        return strategy_choice{batch_strategy::get, there + "not fewer than the " + granted};
    return strategy_choice{batch_strategy::batch, there + "fewer than the " + granted};
}

}
