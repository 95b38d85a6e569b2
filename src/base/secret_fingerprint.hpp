#pragma once

#include <string>
#include <string_view>

namespace allot {

/// Tells secrets apart within this process and says nothing about them: SHA-256 of a salt drawn at the first
/// call and the text, as 64 hex digits. Another process has another salt. Errors: `std::bad_alloc`, and
/// `std::exception` when the system has no random bytes. Thread safety: safe.
std::string secret_fingerprint(std::string_view text);

}
