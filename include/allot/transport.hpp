#pragma once

#include <allot/proxy.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace allot {

/// "Connect there instead": as curl's --connect-to. The host name stays the one that TLS verifies.
struct connect_override {
    std::string host;               ///< the host requests are for; empty for any
    std::uint16_t port = 0;         ///< its port; 0 for any
    std::string address;            ///< connect to this host or address instead; empty keeps the host
    std::uint16_t address_port = 0; ///< and this port; 0 keeps the port
};

/// How connections to Graph and to token endpoints are made.
struct transport_params {
    std::string ca_file; ///< PEM file of the roots to trust instead of the system's; empty for the system's
    /// The first match counts. With a proxy it is what the proxy is asked to connect to.
    std::vector<connect_override> connect_to;
    std::chrono::milliseconds connect_timeout{10'000}; ///< look-up, TCP, proxy and TLS together
    // A peer that sends its answer drop by drop costs no more than these. What takes longer is
    // `errc::timed_out` and tried again. The time for the whole answer bounds them all.
    /// From the first byte of a request to the last field of its answer.
    std::chrono::milliseconds header_timeout{20'000};
    /// Between two pieces of an answer that has begun.
    std::chrono::milliseconds read_timeout{10'000};
    /// Bytes per second of an answer's content as it is sent, TLS included, over each `read_timeout`; 0:
    /// however few.
    std::uint32_t least_rate = 512;
    proxy_params proxy; ///< none by default; the environment plays no part
};

}
