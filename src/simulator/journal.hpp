#pragma once

#include "simulator/message.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace allot {

/// One item of a batch as the simulator saw it.
struct journal_item {
    std::string id;
    std::string target; ///< with the version of the batch's URL
    unsigned status = 0;
    std::optional<std::size_t> rule;
    bool throttled = false;
    bool early = false;
};

/// One request as the simulator saw it.
struct journal_entry {
    std::chrono::microseconds time{}; ///< of its last byte's arrival, since the simulator's start
    std::uint64_t connection = 0;     ///< from 1, in the order of acceptance
    std::string method;
    std::string target;
    /// As they came; of Authorization and Proxy-Authorization only the scheme and a hash.
    std::vector<simulation::field> fields;
    unsigned status = 0;             ///< 0 when the answer was replaced or cut before its first byte
    std::optional<std::size_t> rule; ///< position of the fault rule that took it
    bool early = false; ///< it, or an item, came in a throttle block although its sender could know better
    int units = 0;      ///< resource units that were taken for it, items included
    std::vector<journal_item> items; ///< of a batch, in the order of the request
    /// What a fault did to the answer beside its content: "reset", "closed", "truncated" (closed without
    /// close_notify), "half_closed", "raw"; empty for a whole answer.
    std::string outcome;
};

/// What came in one second, by its arrival.
struct simulator_second {
    std::uint64_t requests = 0;
    std::uint64_t batch_items = 0;
    std::uint64_t throttled = 0;
    std::uint64_t early = 0;
    std::uint64_t units = 0;
};

/// What the simulator has seen so far. Requests and statuses are those to Graph; those to its authority
/// are apart.
struct simulator_stats {
    std::uint64_t requests = 0;    ///< a batch counts once
    std::uint64_t batch_items = 0; ///< that were evaluated
    /// Requests and items that came in a throttle block although their sender could know better.
    std::uint64_t early = 0;
    std::uint64_t throttled = 0; ///< requests and items that the throttle refused, early ones included
    std::uint64_t units = 0;     ///< resource units that were taken
    std::map<unsigned, std::uint64_t> by_status; ///< 0: no answer
    std::map<unsigned, std::uint64_t> items_by_status;
    std::uint64_t token_requests = 0;
    std::uint64_t discovery_requests = 0; ///< for OpenID's documents
    std::uint64_t malformed = 0;          ///< what came in place of a request and ended its connection
    std::uint64_t connections = 0;
    std::uint64_t sessions_resumed = 0;    ///< TLS handshakes that resumed a session
    std::uint64_t journal_lines_lost = 0;  ///< not written, because the journal's file took no more
    std::vector<simulator_second> seconds; ///< since the start, up to the last in which a request came
};

namespace simulation {

/// The entry as one line of JSON, without the line's end.
std::string to_json(journal_entry const& entry);

/// What may be shown of an Authorization field: the scheme and the first half of its SHA-256 hash.
std::string redacted_authorization(std::string_view value);

/// Collects what happens: counts, lines of a file, entries in memory.
/// Thread safety: safe.
class journal {
public:
    enum class kind { graph, throttled, token, discovery };

    explicit journal(bool keep) : keep_(keep) {}

    /// Writes lines to that file from now on; false, with errno, when it cannot be made.
    bool open(std::string const& file);

    /// Whether entries need more than status and flags.
    bool detailed() const noexcept { return keep_ || file_.is_open(); }

    void add(journal_entry entry, kind of);
    void add_malformed();
    void add_connection();
    void add_resumed_session();

    simulator_stats stats() const;
    std::vector<journal_entry> entries() const;
    /// Waits for that many requests, those to the authority included. False when `limit` passes first.
    bool wait_for(std::uint64_t requests, std::chrono::milliseconds limit) const;

private:
    void count(journal_entry const& entry, kind of);

    bool const keep_;
    std::ofstream file_;
    mutable std::mutex mutex_;
    mutable std::condition_variable added_;
    simulator_stats stats_;
    std::vector<journal_entry> entries_;
};

}

}
