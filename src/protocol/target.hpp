#pragma once

#include <allot/assignment_list.hpp>
#include <allot/assignment_ref.hpp>
#include <allot/failure.hpp>
#include <allot/query.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace allot {

/// Where requests go: an https server, or an http server on this machine, and the path that all targets on it
/// begin with; or a proxy.
struct origin {
    std::string host; ///< lower case; an IPv6 address without brackets: to connect to and to verify
    std::uint16_t port = 443;
    std::string base_path;  ///< percent-encoded, from the root, as targets begin with it
    std::string host_field; ///< value of the Host field: brackets around IPv6, the port unless it is the
                            ///< scheme's
    bool tls = true;        ///< https
};

/// "HOST:PORT" with brackets around an IPv6 address.
std::string host_and_port(std::string const& host, std::uint16_t port);

/// The origin of a Graph URL. The API version is always beta: `base_path` is the path of the URL and "/beta",
/// whether or not the URL has it already.
/// Errors: `errc::invalid_params` when it is not an https URL with a host and at most a port and a path. The
/// message names value, rule and way out; it shows no user info.
result<origin> parse_graph_url(std::string_view url);

/// The origin of a token endpoint; `base_path` is its whole path, kept as it is.
/// Errors: as `parse_graph_url`; also when there is no path.
result<origin> parse_token_url(std::string_view url);

/// The origin of an http endpoint on this machine; `base_path` is its whole path, kept as it is. The host is
/// "localhost", a loopback or a link-local address; what a name resolves to is for the connection to check.
/// `parameter` names the URL in messages. Errors: as `parse_graph_url`, for http; also for another host.
result<origin> parse_local_url(std::string_view parameter, std::string_view url);

/// Where an http or https proxy is; without a scheme http is meant. `base_path` is empty, and `host_field`
/// has the port always. `parameter` names the URL in messages.
/// Errors: as `parse_graph_url`, for these schemes; also for a path other than "/".
result<origin> parse_proxy_url(std::string_view parameter, std::string_view url);

/// The query part of an allotment's target: "?$select=id,skuPartNumber&$expand=assignments", or "" for a
/// query without options; a `page_size` other than 0 comes first, as $top. Names are percent-encoded (RFC
/// 3986 section 3.4), but for , ( ) $ = ; which Graph documents in the clear. Preconditions:
/// `options.problem()` is nothing.
std::string encode_query(query const& options, std::uint32_t page_size = 0);

/// Appends the target of "the allotment of this assignment" in origin form (RFC 9112 section 3.2.1). Each id
/// is one path segment: everything but the unreserved characters of RFC 3986 is percent-encoded. `base_path`
/// comes from an `origin`, `encoded_query` from `encode_query`. Preconditions: `reference.problem()` is
/// nothing.
void append_allotment_target(
    std::string& out, std::string_view base_path, assignment_ref const& reference,
    std::string_view encoded_query);

/// The same for the list of assignments. Preconditions: `scope.problem()` is nothing.
void append_list_target(
    std::string& out, std::string_view base_path, list_scope const& scope, std::string_view encoded_query);

}
