#pragma once

#include <allot/secret.hpp>

#include <CLI/App.hpp>

#include <optional>
#include <string>
#include <string_view>

/// Options that name where a secret is: a file, or "fd:N" for an open descriptor, as openssl's -passin has
/// it. Thread safety: free functions without state.
namespace allot {

/// Adds such an option. A descriptor is checked while the command line is parsed, before a file of this
/// process could have its number: N is 3 or more, because 0 to 2 are for input, rows and messages. Child
/// processes do not get it. `description` is what the file holds. Lifetimes: `target` outlives the parse.
CLI::Option* add_secret_option(
    CLI::App& app, std::string const& name, std::optional<std::string>& target,
    std::string const& description);

/// Whether the value of such an option names a descriptor.
bool is_descriptor(std::string_view value) noexcept;

/// The text of the file or descriptor without the line end of its last line. A descriptor is read to its end
/// and closed: once. `what` the secret is: "the client secret".
/// Errors: `usage_error` names option and file: it cannot be read, is empty or larger than 64 KiB.
secret read_secret_option(std::string const& option, std::string const& value, std::string const& what);

}
