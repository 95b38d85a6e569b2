#pragma once

#include "protocol/network_address.hpp"

#include <boost/system/error_code.hpp>

#include <functional>
#include <string>
#include <vector>

namespace allot {

/// Addresses of a name in the order of preference; with an error there are none.
struct resolution {
    std::vector<network_address> addresses;
    boost::system::error_code error;
};

/// Resolves a name and returns when that is done, however long it takes. Thread safety: safe.
using resolve_function = std::function<resolution(std::string const& host)>;

/// By the system's resolver: hosts file, name servers and what else the machine is set up for; ordered as RFC
/// 6724 and the machine's own rules say. Each address once.
resolution resolve_by_system(std::string const& host);

/// Whether the resolver says for sure that there is no such name, or none with an address.
bool is_no_such_name(boost::system::error_code const& error) noexcept;

}
