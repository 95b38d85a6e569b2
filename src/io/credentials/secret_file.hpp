#pragma once

#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <cstddef>
#include <string>

namespace allot {

/// How messages name a file that holds a secret, and what a file that cannot be used is.
struct secret_file {
    std::string kind; ///< "token file"
    std::string path;
    errc code = errc::token_unavailable;
};

/// The failure "KIND PATH: WHY".
failure file_failure(secret_file const& file, std::string const& why, int system_error = 0);

/// All bytes of a small file; nothing else in memory keeps them. A pipe or "/dev/fd/N" will do: it is read to
/// its end. Errors: of the file's code, when it cannot be read or has more than `most` bytes.
result<secret> read_secret_file(secret_file const& file, std::size_t most);

/// The one word of a file of up to 64 KiB, without the white space around it.
/// Errors: as `read_secret_file`; also when there is none, or white space inside.
result<secret> read_secret_line(secret_file const& file);

}
