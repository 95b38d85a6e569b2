#pragma once

#include "io/tls_context.hpp"
#include "io/tls_engine.hpp"
#include "protocol/address_memory.hpp"
#include "protocol/answer_pace.hpp"
#include "protocol/target.hpp"

#include <allot/transport.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace allot {

class lookup_service;
struct proxy_route;

/// Where connections to one origin go, and what they share.
/// Thread safety: one strand.
class endpoint {
public:
    /// `proxy` is what `make_proxy_route` makes of `transport`, and not used where it does not lead to
    /// `where`. `names`: null for the process's; tests give another.
    endpoint(
        origin where, transport_params const& transport, std::shared_ptr<tls_context const> tls,
        std::shared_ptr<proxy_route const> proxy, std::shared_ptr<lookup_service> names = nullptr);

    /// With a TLS context of its own.
    /// Errors: `errc::invalid_params` when the CA file or the proxy cannot be used.
    static result<endpoint> make(origin where, transport_params const& transport);

    origin const& where() const noexcept { return where_; }
    /// The proxy that connections go through; null for none.
    proxy_route const* proxy() const noexcept { return proxy_.get(); }
    /// What the proxy is asked to connect to: "HOST:PORT".
    std::string tunnel_target() const;
    /// What sockets connect to: the proxy, else the origin or what `connect_to` puts in its place.
    std::string const& connect_host() const noexcept;
    std::uint16_t connect_port() const noexcept;
    tls_context const& tls() const noexcept { return *tls_; }
    /// How slow answers may be.
    answer_pace_params const& pace() const noexcept { return pace_; }

    /// Where `connect_host` is looked up.
    lookup_service& names() const noexcept { return *names_; }
    /// What is known of its addresses.
    address_memory& addresses() noexcept { return addresses_; }

    /// A TLS session to resume, or null: the newest that is usable at `now`. Each is given out once, so that
    /// nobody can tell two connections by the ticket that they show (RFC 8446 appendix C.4). Sessions were
    /// verified by this endpoint's own rules, for its own host.
    tls_session take_session(std::chrono::system_clock::time_point now) noexcept;
    void keep_session(tls_session session);

private:
    origin where_;
    std::string target_host_;
    std::uint16_t target_port_;
    std::shared_ptr<proxy_route const> proxy_;
    std::shared_ptr<tls_context const> tls_;
    answer_pace_params pace_;
    std::vector<tls_session> sessions_;
    std::shared_ptr<lookup_service> names_;
    address_memory addresses_;
};

}
