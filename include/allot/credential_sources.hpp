#pragma once

#include <allot/credential.hpp>
#include <allot/failure.hpp>
#include <allot/secret.hpp>
#include <allot/transport.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

/// The sources of access tokens that come with the library. `<allot/credential_settings.hpp>` chooses one by
/// what the environment has.
namespace allot {

/// A token the caller already has. Its life is not known: it serves until Graph refuses it.
std::shared_ptr<token_credential> make_token_credential(secret token);

/// A token in a file that somebody else keeps fresh: the file is read again every few seconds, and its new
/// token serves from then on. Surrounding white space is dropped. A pipe or "/dev/fd/N" serves as well, with
/// one token: it is read to its end once, which the thread of the fetch waits for, 30 s at most. Errors of a
/// fetch: `errc::token_unavailable` when the file cannot be read, is empty or holds more than one line.
std::shared_ptr<token_credential> make_token_file_credential(std::string path);

/// The client credentials grant with a secret (RFC 6749 section 4.4, Entra's v2 token endpoint).
struct client_secret_params {
    /// The token endpoint: https, ".../{tenant}/oauth2/v2.0/token".
    std::string token_url;
    std::string client_id;
    secret client_secret;
    transport_params transport;
};

/// Errors: `errc::invalid_params` for a URL that is not https or an empty id or secret.
result<std::shared_ptr<token_credential>> make_client_secret_credential(client_secret_params params);

/// How a client assertion is signed and names its certificate.
enum class assertion_algorithm {
    ps256, ///< RSA-PSS with SHA-256, x5t#S256: what Entra documents today
    rs256, ///< RSASSA-PKCS1-v1_5 with SHA-256, x5t: for authorities that know no PS256
};

/// The client credentials grant with a certificate: a signed assertion (RFC 7523, Entra page
/// "certificate-credentials"), made anew for each request.
struct client_certificate_params {
    std::string token_url; ///< as for a client secret; it is the assertion's audience
    std::string client_id;
    /// PEM with a certificate and its RSA key (PKCS#8 or PKCS#1, encrypted or not) in any order, or PKCS#12;
    /// other certificates may be beside it. The key has at least 2048 bits, the file at most 256 KiB.
    /// Of several that belong to a key in the file, the first is used that is valid now, else the one that
    /// ends last. The file is read here, and once more when the token endpoint answers invalid_client: an
    /// app's certificate can be renewed while a program runs.
    std::string certificate_file;
    secret passphrase; ///< of the key or the PKCS#12 file; empty for none
    assertion_algorithm algorithm = assertion_algorithm::ps256;
    transport_params transport;
};

/// Errors: `errc::invalid_params`: a bad URL, an empty id, a file that cannot be read, holds no certificate
/// or no RSA key, whose key is not the certificate's, or whose passphrase is missing or wrong. Nobody is
/// asked for a passphrase.
result<std::shared_ptr<token_credential>>
make_client_certificate_credential(client_certificate_params params);

/// Workload identity federation: the client credentials grant with another issuer's token, as Kubernetes
/// projects it into a file.
struct workload_identity_params {
    std::string token_url;
    std::string client_id;
    std::string federated_token_file; ///< AZURE_FEDERATED_TOKEN_FILE; read for every request
    transport_params transport;
};

/// Errors: `errc::invalid_params` for a bad URL or an empty id or path. Of a fetch also:
/// `errc::token_unavailable` when the file cannot be read, is empty or holds more than one line.
result<std::shared_ptr<token_credential>> make_workload_identity_credential(workload_identity_params params);

/// What Azure tells a process of the managed identity of its host, by environment variables. URLs are http to
/// this machine: localhost, a loopback or link-local address, or the bridge of its containers
/// (172.16.0.0/12). No proxy is used.
struct managed_identity_host {
    std::string identity_endpoint; ///< IDENTITY_ENDPOINT: App Service, Functions, Container Apps, Arc
    secret identity_header;        ///< IDENTITY_HEADER: all of these but Arc
    std::string imds_endpoint;     ///< IMDS_ENDPOINT: Arc
    std::string msi_endpoint;      ///< MSI_ENDPOINT: App Service of 2017
    secret msi_secret;             ///< MSI_SECRET
    /// Where the instance metadata service of a VM is (AZURE_POD_IDENTITY_AUTHORITY_HOST).
    std::string metadata_url = "http://169.254.169.254";
};

/// The identity Azure gives the machine or the service. Which endpoint answers follows from `host`:
/// identity_endpoint with identity_header is App Service, identity_endpoint with imds_endpoint is Arc,
/// msi_endpoint with msi_secret is App Service of 2017, else a VM's instance metadata service is asked.
struct managed_identity_params {
    managed_identity_host host;
    /// At most one of these names a user-assigned identity; none is the system-assigned one. Arc has only
    /// that, and App Service of 2017 knows the client id alone.
    std::string client_id;
    std::string object_id;
    std::string resource_id; ///< "/subscriptions/.../userAssignedIdentities/NAME"
    /// For a source that may not be here. `errc::credential_unavailable` ends the fetch when the metadata
    /// service cannot be connected to within a second, does not answer within two more, answers as Azure's
    /// does not, or, where no identity is named, knows none of the machine or only fails in all attempts.
    /// Once it has given a token it is here; an endpoint that `host` names otherwise is, too.
    bool probe = false;
};

/// An endpoint is asked five times, over 52 s, when it cannot be connected to, does not answer, or answers
/// 404, 429 or 5xx; while it is being updated (410), for 70 s. The claims of a request are ignored: tokens of
/// managed identities do not follow continuous access evaluation.
/// Errors: `errc::invalid_params`: more than one identity, one that the host cannot name, a URL that is not
/// http to this machine, a header or secret that no HTTP field can carry.
result<std::shared_ptr<token_credential>> make_managed_identity_credential(managed_identity_params params);

/// Who is signed in to the Azure CLI: `az account get-access-token --scope SCOPE`, run without a shell and
/// without the environment variables that hold secrets of the other sources. Its tokens are those of a person
/// as a rule, with delegated permissions. Needs Linux 5.4.
struct azure_cli_params {
    std::string tenant_id;                     ///< empty for the tenant that is signed in
    std::string executable = "az";             ///< looked up in PATH unless it has a slash
    std::chrono::milliseconds timeout{30'000}; ///< then it is killed
};

/// Errors: `errc::invalid_params` for a tenant that is neither a GUID nor a domain, an empty `executable` or
/// a timeout of nothing. Of a fetch: `errc::credential_unavailable` where there is no `az` or nobody is
/// signed in; a claims challenge is `errc::token_unavailable`, as the Azure CLI meets it only at a new
/// sign-in.
result<std::shared_ptr<token_credential>> make_azure_cli_credential(azure_cli_params params);

/// Tries sources in this order until one gives a token; the one that did is asked alone from then on.
/// A source that answers `errc::credential_unavailable` is passed over; any other failure is the answer,
/// because the next source could be somebody else. `absent` says of further sources why they are not among
/// these ("client secret: AZURE_CLIENT_SECRET is not set"), for the failure that names all.
/// Preconditions: none of `sources` is null.
/// Errors of a fetch: that of a source; `errc::token_unavailable` with a reason for each when none is here.
std::shared_ptr<token_credential> make_chained_credential(
    std::vector<std::shared_ptr<token_credential>> sources, std::vector<std::string> absent = {});

}
