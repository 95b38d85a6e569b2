#pragma once

#include "io/credentials/choose_source.hpp"

#include <string>

namespace allot {

/// For whom a source asks for tokens. A member is empty where the source does not say it: then the token
/// alone knows.
struct source_identity {
    std::string tenant;    ///< GUID or domain
    std::string client_id; ///< an application, or a user-assigned managed identity that is named by it
};

/// Of several sources the one counts that gave the token: its `token_credential::description` is `worked`.
source_identity identity_of(credential_source const& source, std::string const& worked);

}
