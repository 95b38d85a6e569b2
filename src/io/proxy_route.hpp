#pragma once

#include "protocol/target.hpp"

#include <allot/proxy.hpp>
#include <allot/transport.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// A proxy, ready to be used. Thread safety: safe for reading.
struct proxy_route {
    origin where;
    secret authorization; ///< value of Proxy-Authorization; empty for none
    std::vector<std::string> bypass;

    /// Whether connections for this origin go through it.
    bool leads_to(origin const& target) const noexcept;
};

/// Null where no proxy is asked for. Errors: as below; also for a `connect_to` that a proxy cannot be asked
/// for.
result<std::shared_ptr<proxy_route const>> make_proxy_route(transport_params const& transport);

/// Null where no proxy is asked for. `parameter` names the URL in messages.
/// Errors: `errc::invalid_params`; the message shows no credentials.
result<std::shared_ptr<proxy_route const>>
make_proxy_route(proxy_params const& params, std::string_view parameter);

}
