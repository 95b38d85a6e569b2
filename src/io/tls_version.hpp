#pragma once

#include <string>

namespace allot {

/// The TLS library that is in use at run time: "OpenSSL 3.0.11 19 Sep 2023".
std::string tls_library_version();

}
