#include <allot/error.hpp>

#include <string>

namespace allot {
namespace {

char const* text(errc value) noexcept {
    switch (value) {
    case errc::invalid_reference:
        return "invalid reference";
    case errc::invalid_query:
        return "invalid query";
    case errc::invalid_params:
        return "invalid parameter";
    case errc::resolve_failed:
        return "host name not resolved";
    case errc::connect_failed:
        return "no connection";
    case errc::connection_lost:
        return "connection lost";
    case errc::tls_failed:
        return "TLS failed";
    case errc::certificate_rejected:
        return "certificate rejected";
    case errc::proxy_refused:
        return "refused by the proxy";
    case errc::timed_out:
        return "timed out";
    case errc::malformed_response:
        return "malformed response";
    case errc::response_too_large:
        return "response too large";
    case errc::token_unavailable:
        return "no access token";
    case errc::credential_unavailable:
        return "credential not available here";
    case errc::unauthorized:
        return "unauthorized";
    case errc::forbidden:
        return "forbidden";
    case errc::not_found:
        return "not found";
    case errc::throttled:
        return "throttled";
    case errc::server_error:
        return "server error";
    case errc::request_rejected:
        return "request rejected";
    case errc::redirected:
        return "redirected";
    case errc::bad_body:
        return "not the answer that was asked for";
    case errc::no_allotment:
        return "no allotment";
    case errc::cancelled:
        return "cancelled";
    case errc::deadline_exceeded:
        return "deadline exceeded";
    case errc::parked:
        return "parked";
    }
    return "unknown";
}

class category final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "allot"; }
    std::string message(int value) const override { return text(static_cast<errc>(value)); }
};

}

error_code make_error_code(errc value) noexcept {
    static category const instance;
    return {static_cast<int>(value), instance};
}

}
