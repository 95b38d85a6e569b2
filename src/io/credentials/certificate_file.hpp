#pragma once

#include "io/credentials/certificate_content.hpp"
#include "io/credentials/secret_file.hpp"

#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace allot {

/// A certificate and its private key, an RSA key of at least 2048 bits: what signs client assertions.
/// Thread safety: shared: safe.
class client_certificate {
public:
    client_certificate(x509_ptr certificate, private_key_ptr key);

    EVP_PKEY* key() const noexcept { return key_.get(); }
    /// Digests of the certificate's DER, as bytes.
    std::string const& sha1_thumbprint() const noexcept { return sha1_; }
    std::string const& sha256_thumbprint() const noexcept { return sha256_; }

    /// The SHA-1 thumbprint as Azure shows it, 40 upper-case hex digits, and when the certificate has expired
    /// at `now` that it has.
    std::string describe(std::chrono::system_clock::time_point now) const;

private:
    private_key_ptr key_;
    std::string sha1_;
    std::string sha256_;
    std::chrono::system_clock::time_point expires_at_;
};

/// Reads a file as described at `client_certificate_params::certificate_file`, up to 256 KiB. Of the
/// certificates that a key in the file belongs to, the first counts that is valid at `now`, else the one that
/// ends last.
/// Errors: `errc::invalid_params`; the message names the file, the rule and the way out.
result<std::shared_ptr<client_certificate const>> read_certificate_file(
    std::string const& path, secret const& passphrase, file_reading which,
    std::chrono::system_clock::time_point now);

}
