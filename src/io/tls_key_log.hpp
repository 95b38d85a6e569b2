#pragma once

#include <openssl/types.h>

namespace allot {

/// In a build with ALLOT_TLS_KEY_LOG, connections of `context` append their secrets to the file that
/// SSLKEYLOGFILE names in the environment, in the format that Wireshark reads: whoever has the file can read
/// what was sent. Does nothing in any other build. Thread safety: safe.
#ifdef ALLOT_TLS_KEY_LOG
void log_tls_keys(SSL_CTX* context);
#else
inline void log_tls_keys(SSL_CTX*) noexcept {}
#endif

}
