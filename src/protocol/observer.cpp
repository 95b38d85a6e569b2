#include <allot/observer.hpp>

namespace allot {

char const* to_string(retry_cause value) noexcept {
    switch (value) {
    case retry_cause::failure:
        return "failure";
    case retry_cause::refused_token:
        return "refused_token";
    case retry_cause::stale_connection:
        return "stale_connection";
    }
    return "unknown";
}

char const* to_string(close_cause value) noexcept {
    switch (value) {
    case close_cause::peer:
        return "peer";
    case close_cause::failed:
        return "failed";
    case close_cause::idle:
        return "idle";
    case close_cause::replaced:
        return "replaced";
    case close_cause::client:
        return "client";
    }
    return "unknown";
}

}
