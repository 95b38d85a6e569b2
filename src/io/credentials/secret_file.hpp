#pragma once

#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace allot {

/// How messages name a file that holds a secret, and what a file that cannot be used is.
struct secret_file {
    std::string kind; ///< "token file"
    std::string path;
    errc code = errc::token_unavailable;
    std::chrono::milliseconds patience{30'000}; ///< with a pipe that is not written to its end
};

/// Whether a file gave its text before.
enum class file_reading { first, again };

struct secret_content {
    secret text;
    bool can_be_renewed = false; ///< a regular file: it can be read again
};

/// The failure "KIND PATH: WHY".
failure file_failure(secret_file const& file, std::string const& why, int system_error = 0);

/// All bytes of a small file; nothing else in memory keeps them. The first time a pipe or "/dev/fd/N" will
/// do: it is read to its end, and this thread waits for that. Again only a regular file is read, without
/// waiting. Errors: of the file's code, when it cannot be read or has more than `most` bytes.
result<secret_content> read_secret_file(secret_file const& file, std::size_t most, file_reading which);

/// The one word of a file of up to 64 KiB, without the white space around it.
/// Errors: as `read_secret_file`; also when there is none, or white space inside.
result<secret_content> read_secret_line(secret_file const& file, file_reading which);

/// What a descriptor gave up to its end.
struct descriptor_text {
    secret text;
    int error = 0; ///< of the system; ETIMEDOUT when there was no end in time
};

/// Reads up to one byte more than `most`, which says that there is more than may be.
/// Preconditions: it does not block.
descriptor_text read_descriptor(int from, std::size_t most, std::chrono::milliseconds patience);

std::string_view without_space_around(std::string_view text);

}
