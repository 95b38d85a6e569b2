#pragma once

#include "simulator/journal.hpp"
#include "simulator/script.hpp"
#include "simulator/tenant.hpp"

#include <allot/failure.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace allot {

/// What a simulator is made from.
struct simulator_params {
    std::string address = "127.0.0.1";             ///< IP address to listen on
    std::uint16_t port = 0;                        ///< 0 for any free one
    std::size_t assignments = 10'000;              ///< 1 to 10,000,000
    std::size_t assignments_without_allotment = 0; ///< of them, spread evenly; their answer is 204
    std::uint64_t seed = 1;                        ///< of the tenant, of ids and of all draws
    simulation::script script;
    bool keep_journal = false; ///< for `simulator::journal`; needs memory for every request
    std::string journal_file;  ///< gets one JSON line per request; empty for none
    std::string ready_file; ///< gets `ready_info` as JSON once it listens, goes when it stops; empty for none
    /// Certificates as PEM: the key of each may sign the client's assertions at the token endpoint.
    std::vector<std::string> client_certificates;
    /// Tokens of other issuers by which the token endpoint knows the client.
    std::vector<std::string> federated_tokens;
    std::string ids_file; ///< gets the assignment references, one a line; empty for none
};

/// How to reach a simulator. The two files exist until it stops.
struct ready_info {
    std::string graph_url; ///< without the API version
    std::string token_url;
    std::string ca_file; ///< PEM of the root its certificate is verified with
    std::string client_id;
    std::string client_secret_file;
    std::string tenant;
};

/// The members in this order and by these names as a JSON object.
std::string to_json(ready_info const& info);

/// Graph's cloudLicensing API for one made-up tenant, and the token endpoint of its directory, on TLS on one
/// port, served by a thread of its own. The certificate and its root are made at the start and are valid for
/// localhost, 127.0.0.1, ::1, the address it listens on, and the hosts of Microsoft's clouds, in whose place
/// a client can connect here. What it answers is described at `simulation::service`,
/// `simulation::graph_endpoint`, `simulation::throttle` and `simulation::openid_documents`, and for its users
/// in README.md of this folder.
///
/// The same requests in the same order get the same answers for a seed, but for what names or proves: the
/// secret, tokens, the certificate, dates. With several connections the order is the client's doing.
/// Thread safety: distinct objects: safe; shared: safe but for `stop` and the destructor.
class simulator {
public:
    /// Makes the tenant, listens, writes the files.
    /// Errors: `errc::invalid_params` with the system's reason as cause: an address that cannot be listened
    /// on, a file that cannot be written, a number out of range.
    static result<std::unique_ptr<simulator>> start(simulator_params params);
    /// Stops.
    ~simulator();
    simulator(simulator const&) = delete;
    simulator& operator=(simulator const&) = delete;

    ready_info const& info() const noexcept;
    /// The whole truth, to compare answers with.
    simulation::tenant const& tenant() const noexcept;
    simulator_stats stats() const;
    /// All entries so far. Precondition: `simulator_params::keep_journal`.
    std::vector<journal_entry> journal() const;
    /// Waits until so many requests came, those for tokens included. False when `limit` passes first.
    bool wait_for_requests(std::uint64_t count, std::chrono::milliseconds limit) const;

    /// Ends all connections and the thread, removes the files that make no sense without it. What was counted
    /// stays. May be called again.
    void stop();

private:
    class impl;
    explicit simulator(std::unique_ptr<impl> inside) noexcept;

    std::unique_ptr<impl> impl_;
};

}
