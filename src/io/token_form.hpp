#pragma once

#include "json/decode.hpp"

#include <allot/secret.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace allot {

/// Fields as application/x-www-form-urlencoded.
secret encode_form(std::vector<std::pair<std::string_view, std::string_view>> const& fields);

/// Takes what proved the client (client_secret, client_assertion) out of every text of an error: an endpoint
/// may repeat what it was sent. `form` is as from `encode_form`.
void redact_proof(token_error& said, std::string_view form);

}
