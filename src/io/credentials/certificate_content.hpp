#pragma once

#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <vector>

namespace allot {

struct certificate_deleter {
    void operator()(X509* value) const noexcept { X509_free(value); }
    void operator()(EVP_PKEY* value) const noexcept { EVP_PKEY_free(value); }
};
using x509_ptr = std::unique_ptr<X509, certificate_deleter>;
using private_key_ptr = std::unique_ptr<EVP_PKEY, certificate_deleter>;

/// The certificates and private keys of a text, in its order.
struct certificate_content {
    std::vector<x509_ptr> certificates;
    std::vector<private_key_ptr> keys;
};

/// Reads PEM (RFC 7468; keys also as PKCS#1 and SEC 1, and encrypted the old way by a Proc-Type field) or
/// PKCS#12 (RFC 7292), whichever it is. `passphrase` is empty for none; nobody is asked for one.
/// Preconditions: fewer than 2^31 bytes. Errors: `errc::invalid_params`; the message is what follows "the
/// file ": "is ...", "holds ...".
result<certificate_content> read_certificate_content(secret const& bytes, secret const& passphrase);

}
