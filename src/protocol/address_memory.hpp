#pragma once

#include "protocol/network_address.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace allot {

/// What became of an attempt to use an address.
enum class address_verdict {
    none,   ///< nothing is known: not tried, or not for long enough
    worked, ///< it took a connection
    failed, ///< it refused, was silent, or one that was tried later was faster
};

/// Remembers for a while which addresses of one endpoint worked, and says which to try next.
class address_memory {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// How long a verdict counts: a family that is broken costs one attempt's delay in this time.
    static constexpr std::chrono::seconds span{60};

    /// The addresses in the order a new connection tries them. The family of the first one comes first,
    /// unless it was only seen to fail while the other worked, and the families alternate (RFC 8305 section
    /// 4). Within a family each call begins with the next address, so that connections spread; after it come
    /// those that worked. Those that failed come after all others, of both families, the longest ago first.
    std::vector<network_address> order(time_point now, std::vector<network_address> const& resolved);

    /// `none` changes nothing.
    void note(time_point now, network_address const& address, address_verdict verdict);

private:
    struct entry {
        address_verdict verdict;
        time_point since;
    };

    entry const* recent(time_point now, network_address const& address) const;
    bool
    has(time_point now, std::vector<network_address> const& resolved, bool v6, address_verdict verdict) const;
    std::vector<network_address>
    good_ones(time_point now, std::vector<network_address> const& resolved, bool v6) const;
    std::vector<network_address>
    failed_ones(time_point now, std::vector<network_address> const& resolved, bool v6) const;

    std::unordered_map<std::string, entry> entries_;
    std::size_t turn_ = 0;
};

}
