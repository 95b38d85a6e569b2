#pragma once

#include "base/uuid.hpp"
#include "simulator/fault_rules.hpp"
#include "simulator/journal.hpp"
#include "simulator/message.hpp"
#include "simulator/router.hpp"
#include "simulator/script.hpp"
#include "simulator/throttle.hpp"
#include "simulator/token_endpoint.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace allot::simulation {

/// How an answer leaves the simulator.
struct transmission {
    enum class ending {
        keep_alive, ///< the next request may come
        close,
        reset,
        half_close,
    };

    std::string bytes;
    std::chrono::milliseconds delay{};
    std::optional<double> bytes_per_second;
    ending end = ending::keep_alive;
    bool close_notify = true; ///< whether TLS's close_notify is sent where the connection ends
};

/// Decides what each request gets: who asks, throttle, faults, answer; and notes it in the journal.
///
/// A request to Graph without a good token is refused before anything else and does not count for the
/// throttle. One that the throttle refuses is not looked at by fault rules: its sender has to get the answer
/// whole, or later requests could not be called early. All others fall under the first rule that matches.
/// Lifetimes: everything given by reference outlives it. Thread safety: unsafe.
class service {
public:
    service(
        tenant const& from, script const& behaviour, std::string const& graph_url,
        token_endpoint_params tokens, std::uint64_t seed, std::chrono::steady_clock::time_point start,
        journal& notes);

    transmission answer(request const& what, std::uint64_t connection, instant now);

    /// What a peer gets whose bytes are no HTTP request; the connection ends with it.
    transmission refuse_malformed(instant now);

private:
    struct decision {
        reply answer;
        std::optional<std::size_t> rule;
        journal::kind kind = journal::kind::graph;
        bool early = false;
    };

    decision decide_token(request const& what, exchange const& of);
    decision decide_graph(request const& what, exchange const& of);
    /// The refusal of a request without a good token, or nothing.
    std::optional<reply> refuse_token(request const& what, exchange const& of);
    reply throttled(exchange const& of, std::chrono::seconds retry_after) const;
    std::optional<std::size_t> find_rule(fault_rules::endpoint of, request const& what, instant now);
    /// The answer a rule gives itself, or nothing when it leaves the content to the endpoint.
    std::optional<reply>
    replacement(std::optional<std::size_t> rule, exchange const& of, journal::kind kind) const;
    /// What the rule says, else what the client accepts and the script lets be compressed.
    encoding coding_of(request const& what, decision const& made) const;
    transmission transmit(request const& what, decision& made, instant now, journal_entry& entry) const;
    void note(request const& what, decision const& made, journal_entry entry);

    script const& script_;
    router router_;
    token_endpoint tokens_;
    std::string throttle_scope_;
    std::optional<throttle> throttle_;
    std::uint64_t graph_requests_ = 0;
    fault_rules faults_;
    std::chrono::steady_clock::time_point start_;
    random_engine ids_;
    journal& journal_;
};

}
