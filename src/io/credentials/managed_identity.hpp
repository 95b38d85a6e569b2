#pragma once

#include "protocol/imds_retry_state.hpp"

#include <allot/credential_sources.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace allot {

/// What is fixed in use and differs in tests.
struct managed_identity_limits {
    imds_retry_params retries;
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds request_timeout{30'000}; ///< from the first byte sent to the last of the answer
    /// The same while a probe has not been answered.
    std::chrono::milliseconds probe_connect_timeout{1'000};
    std::chrono::milliseconds probe_request_timeout{2'000};
    /// All attempts and the waits between them; an update may take 70 s.
    std::chrono::milliseconds total{75'000};
    /// Where Arc's agent has its keys (Azure's page "managed-identity-authentication").
    std::string arc_key_folder = "/var/opt/azcmagent/tokens";
};

/// As the public function of this name.
result<std::shared_ptr<token_credential>>
make_managed_identity_credential(managed_identity_params params, managed_identity_limits limits);

}
