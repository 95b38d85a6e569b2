#include "io/tls_version.hpp"

#include <openssl/crypto.h>

namespace allot {

std::string tls_library_version() {
    return ::OpenSSL_version(OPENSSL_VERSION);
}

}
