#include "io/tls_key_log.hpp"

#ifdef ALLOT_TLS_KEY_LOG

#include "base/file_descriptor.hpp"

#include <openssl/ssl.h>

#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace allot {
namespace {

std::string const& key_log_path() {
    static std::string const path = [] {
        auto const* const value = std::getenv("SSLKEYLOGFILE");
        return std::string(value == nullptr ? "" : value);
    }();
    return path;
}

/// In one piece, so that lines of several threads do not mix.
void append_keys(SSL const*, char const* line) {
    file_descriptor const file(
        ::open(key_log_path().c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600));
    auto const text = std::string(line) + '\n';
    // A log that cannot be written fails the test that looks into it.
    [[maybe_unused]] auto const written = ::write(file.get(), text.data(), text.size());
}

}

void log_tls_keys(SSL_CTX* context) {
    if (!key_log_path().empty())
        SSL_CTX_set_keylog_callback(context, append_keys);
}

}

#endif
