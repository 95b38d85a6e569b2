#pragma once

#include "simulator/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {

/// An answer with Graph's error body (Graph page "errors") and the fields every answer of Graph has.
reply graph_error(exchange const& of, unsigned status, std::string_view code, std::string_view message);

/// The same with the code and text that go with a status; 401 gets its WWW-Authenticate.
reply graph_error(exchange const& of, unsigned status);

/// The WWW-Authenticate of a 401 that asks for a token with these claims (JSON text), as Graph sends it: a
/// challenge for proof of possession before it, base64 in quotes.
std::string claims_challenge(std::string_view claims);

/// The fields every answer of Graph has: request-id and client-request-id, diagnostics, cost, content type.
std::vector<field> graph_fields(exchange const& of);

}
