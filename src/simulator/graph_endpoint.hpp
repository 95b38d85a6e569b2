#pragma once

#include "simulator/batch_answer.hpp"
#include "simulator/batch_request.hpp"
#include "simulator/decision.hpp"
#include "simulator/draws.hpp"
#include "simulator/fault_rules.hpp"
#include "simulator/issued_tokens.hpp"
#include "simulator/message.hpp"
#include "simulator/metering.hpp"
#include "simulator/router.hpp"
#include "simulator/script.hpp"
#include "simulator/tenant.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace allot::simulation {

/// Decides what requests to Graph get: who asks, throttle, faults, answer.
///
/// A request without a good token is refused before anything else and does not count for the throttle. One
/// that the throttle refuses is not looked at by fault rules: its sender has to get the answer whole, or
/// later requests could not be called early. All others fall under the first rule that matches. Lifetimes:
/// everything given by reference outlives it. Thread safety: unsafe.
class graph_endpoint {
public:
    graph_endpoint(
        tenant const& from, script const& behaviour, std::string const& graph_url, issued_tokens& tokens,
        fault_rules& faults, std::uint64_t seed, std::chrono::steady_clock::time_point start);

    decision answer(request const& what, exchange const& of);

private:
    /// The refusal of a request without a good token, or nothing.
    std::optional<reply> refuse_token(request const& what, exchange const& of);
    decision answer_one(request const& what, exchange const& of, fault_rules::endpoint kind);
    decision answer_batch(request const& envelope, exchange const& of);
    /// Evaluates the items and writes the answer.
    void answer_items(request const& envelope, exchange const& of, decision& out);
    decision answer_item(batch_item const& item, exchange const& of, std::vector<bool> const& failed);
    void add_part(std::vector<batch_part>& parts, std::string const& id, decision const& made);
    void shuffle(std::vector<batch_part>& parts);
    rule_action const& action_of(decision const& made) const;

    script const& script_;
    router router_;
    issued_tokens& tokens_;
    fault_rules& faults_;
    metering metering_;
    std::uint64_t requests_ = 0;
    draws draws_;
    std::chrono::steady_clock::time_point start_;
};

}
