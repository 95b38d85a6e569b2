#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The parts of the URL of a token endpoint.
namespace allot {

/// An authority as an https URL without a slash at the end. AZURE_AUTHORITY_HOST has been seen as a host name
/// and as a URL, with and without a slash. Nothing for plain http and for no host.
std::optional<std::string> authority_url(std::string_view host);

/// Why this is no tenant, as a sentence: a tenant is a GUID or the name of a domain; "common" and its like
/// name none. One that passes can stand in a path and be an argument of a program.
std::optional<std::string> tenant_problem(std::string_view tenant);

/// Entra's v2 token endpoint. Preconditions: `authority` is one of `authority_url`, the tenant has no
/// problem.
std::string token_url(std::string_view authority, std::string_view tenant);

}
