#pragma once

#include <allot/environment.hpp>
#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <string>
#include <vector>

namespace allot {

/// An HTTP proxy between this machine and Graph and the token endpoints. It is asked for a tunnel (CONNECT,
/// RFC 9110 section 9.3.6) and for nothing else: it sees host names and encrypted bytes, no token and no
/// secret but its own credentials. TLS inside the tunnel verifies the host that requests are for.
/// Never through it go connections to this machine (localhost, loopback and link-local addresses), which
/// those to the endpoints of managed identities are.
struct proxy_params {
    /// "http://HOST:PORT", or "https://HOST:PORT" for a proxy that is spoken to in TLS and whose certificate
    /// is verified by the same roots as Graph's; without a scheme http, without a port 80 or 443. Empty for
    /// none.
    std::string url;
    /// "USER:PASSWORD" for the Basic scheme (RFC 7617), the only one that is spoken; empty for none. Sent
    /// with each CONNECT, to an http proxy in the clear.
    secret credentials;
    /// Hosts that are connected to without it, by the name or address that stands in the URL:
    /// - "*": all;
    /// - "example.com", ".example.com" or "*.example.com": this host and those below it;
    /// - "192.0.2.1", "[2001:db8::1]": this address; "192.0.2.0/24", "2001:db8::/32": those of this network;
    ///   names are not looked up for it;
    /// - each of these but "*" and a network with ":PORT": on this port alone.
    /// Case does not count. What is none of these matches nothing.
    std::vector<std::string> bypass;
};

/// The proxy that https_proxy asks for, else HTTPS_PROXY, as curl reads them: the URL may hold user and
/// password, percent-encoded. no_proxy, else NO_PROXY, is the bypass list, cut at commas and white space; it
/// is filled in also where there is no proxy. http_proxy and ALL_PROXY are not read.
/// Errors: `errc::invalid_params`, naming the variable but not its credentials.
/// Thread safety: as `lookup`.
result<proxy_params> proxy_from_environment(environment const& lookup = process_environment());

}
