#pragma once

#include "base/uuid.hpp"
#include "simulator/decision.hpp"
#include "simulator/fault_rules.hpp"
#include "simulator/graph_endpoint.hpp"
#include "simulator/journal.hpp"
#include "simulator/latency.hpp"
#include "simulator/message.hpp"
#include "simulator/openid_documents.hpp"
#include "simulator/script.hpp"
#include "simulator/token_endpoint.hpp"

#include <chrono>
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
    std::chrono::microseconds delay{};
    std::optional<double> bytes_per_second;
    ending end = ending::keep_alive;
    bool close_notify = true; ///< whether TLS's close_notify is sent where the connection ends
};

/// Decides what each request gets, of Graph, of its authority or for `/stats`, and notes it in the journal.
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
    decision answer_authority(request const& what, exchange const& of, journal::kind kind);
    /// Neither noted nor counted nor delayed: who measures must not change what is measured.
    transmission transmit_stats(request const& what, instant now) const;
    /// What the rule says, else what the client accepts and the script lets be compressed.
    encoding coding_of(request const& what, decision const& made) const;
    transmission transmit(request const& what, decision& made, instant now, journal_entry& entry);
    void note(request const& what, decision& made, journal_entry entry);
    std::chrono::microseconds since_start(instant now) const;

    script const& script_;
    token_endpoint tokens_;
    openid_documents documents_;
    fault_rules faults_;
    graph_endpoint graph_;
    latency latency_;
    std::chrono::steady_clock::time_point start_;
    random_engine ids_;
    journal& journal_;
};

}
