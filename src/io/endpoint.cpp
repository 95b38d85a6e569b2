#include "io/endpoint.hpp"

#include "io/lookup_service.hpp"
#include "io/proxy_route.hpp"

#include <utility>

namespace allot {

result<endpoint> endpoint::make(origin where, transport_params const& transport) {
    auto tls = tls_context::make_client(transport.ca_file);
    if (!tls)
        return tls.error();
    auto proxy = make_proxy_route(transport);
    if (!proxy)
        return proxy.error();
    return endpoint(std::move(where), transport, std::move(*tls), std::move(*proxy));
}

endpoint::endpoint(
    origin where, transport_params const& transport, std::shared_ptr<tls_context const> tls,
    std::shared_ptr<proxy_route const> proxy, std::shared_ptr<lookup_service> names) :
    where_(std::move(where)),
    target_host_(where_.host),
    target_port_(where_.port),
    proxy_(proxy && proxy->leads_to(where_) ? std::move(proxy) : nullptr),
    tls_(std::move(tls)),
    pace_{transport.header_timeout, transport.read_timeout, transport.least_rate},
    names_(names ? std::move(names) : lookup_service::shared()) {
    for (auto const& rule : transport.connect_to) {
        bool const host_fits = rule.host.empty() || rule.host == where_.host;
        bool const port_fits = rule.port == 0 || rule.port == where_.port;
        if (!host_fits || !port_fits)
            continue;
        if (!rule.address.empty())
            target_host_ = rule.address;
        if (rule.address_port != 0)
            target_port_ = rule.address_port;
        break;
    }
}

std::string endpoint::tunnel_target() const {
    return host_and_port(target_host_, target_port_);
}

std::string const& endpoint::connect_host() const noexcept {
    return proxy_ ? proxy_->where.host : target_host_;
}

std::uint16_t endpoint::connect_port() const noexcept {
    return proxy_ ? proxy_->where.port : target_port_;
}

tls_session endpoint::take_session(std::chrono::system_clock::time_point now) noexcept {
    while (!sessions_.empty()) {
        auto session = std::move(sessions_.back());
        sessions_.pop_back();
        if (is_usable(session, now))
            return session;
    }
    return {};
}

void endpoint::keep_session(tls_session session) {
    constexpr std::size_t most = 64;
    if (!session)
        return;
    if (sessions_.size() == most)
        sessions_.erase(sessions_.begin());
    sessions_.push_back(std::move(session));
}

}
