#include "io/credentials/certificate_file.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <stdexcept>
#include <utility>
#include <vector>

namespace allot {
namespace {

constexpr std::size_t certificate_file_limit = 256 * 1024;
constexpr int least_bits = 2048;

std::string thumbprint_of(X509* certificate, EVP_MD const* digest) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (X509_digest(certificate, digest, bytes.data(), &size) != 1)
        throw std::runtime_error("OpenSSL cannot digest a certificate");
    return {reinterpret_cast<char const*>(bytes.data()), size};
}

using wall_time = std::chrono::system_clock::time_point;

wall_time to_time(ASN1_TIME const* from, wall_time otherwise) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(from, &parts) != 1)
        return otherwise;
    using namespace std::chrono;
    auto const date = year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday;
    return sys_days(date) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

wall_time end_of(X509 const* certificate) {
    return to_time(X509_get0_notAfter(certificate), wall_time::max());
}

bool is_valid(X509 const* certificate, wall_time now) {
    return to_time(X509_get0_notBefore(certificate), wall_time::min()) <= now && now < end_of(certificate);
}

bool is_rsa(private_key_ptr const& key) {
    return EVP_PKEY_is_a(key.get(), "RSA") == 1;
}

/// A certificate and a key of the content that belong together.
struct fitting_pair {
    x509_ptr* certificate;
    private_key_ptr* key;
};

std::vector<fitting_pair> fitting_pairs(certificate_content& content) {
    std::vector<fitting_pair> out;
    for (auto& key : content.keys) {
        if (!is_rsa(key))
            continue;
        for (auto& certificate : content.certificates)
            if (X509_check_private_key(certificate.get(), key.get()) == 1)
                out.push_back({&certificate, &key});
    }
    ERR_clear_error();
    return out;
}

/// The first that is valid, else the one that ends last: renewed certificates are added to a file as often as
/// they replace what it had. Preconditions: not empty.
fitting_pair best_of(std::vector<fitting_pair> const& pairs, wall_time now) {
    auto const valid = std::ranges::find_if(
        pairs, [now](auto const& each) { return is_valid(each.certificate->get(), now); });
    if (valid != pairs.end())
        return *valid;
    return *std::ranges::max_element(
        pairs, {}, [](auto const& each) { return end_of(each.certificate->get()); });
}

/// The pair of a certificate and its key, or what is wrong with the content.
result<std::shared_ptr<client_certificate const>>
find_pair(certificate_content content, secret_file const& file, wall_time now) {
    if (content.certificates.empty())
        return file_failure(
            file,
            "holds no certificate; it must hold the certificate and its private key, as PEM or PKCS#12");
    if (content.keys.empty())
        return file_failure(
            file, "holds a certificate without its private key; add the key to the file, or export both");
    if (auto const pairs = fitting_pairs(content); !pairs.empty()) {
        auto const [certificate, key] = best_of(pairs, now);
        if (auto const bits = EVP_PKEY_get_bits(key->get()); bits < least_bits)
            return file_failure(
                file, "holds an RSA key of " + std::to_string(bits) +
                          " bits; make a certificate with one of at least 2048");
        return std::shared_ptr<client_certificate const>(
            std::make_shared<client_certificate>(std::move(*certificate), std::move(*key)));
    }
    if (content.keys.size() == 1 && !is_rsa(content.keys.front())) {
        auto const* const type = EVP_PKEY_get0_type_name(content.keys.front().get());
        return file_failure(
            file, "holds a private key that is not RSA but " +
                      std::string(type == nullptr ? "unknown" : type) +
                      "; client assertions are signed by RSA: make a certificate with an RSA key");
    }
    return file_failure(
        file, "holds a private key that is not the one of its certificate; put the two of one pair into it");
}

}

client_certificate::client_certificate(x509_ptr certificate, private_key_ptr key) :
    key_(std::move(key)),
    sha1_(thumbprint_of(certificate.get(), EVP_sha1())),
    sha256_(thumbprint_of(certificate.get(), EVP_sha256())),
    expires_at_(end_of(certificate.get())) {}

std::string client_certificate::describe(std::chrono::system_clock::time_point now) const {
    std::string out;
    for (char const character : sha1_) {
        auto const byte = static_cast<unsigned char>(character);
        out += "0123456789ABCDEF"[byte >> 4];
        out += "0123456789ABCDEF"[byte & 0xf];
    }
    return out + (now < expires_at_ ? "" : " (expired)");
}

result<std::shared_ptr<client_certificate const>>
read_certificate_file(std::string const& path, secret const& passphrase, file_reading which, wall_time now) {
    secret_file const file{"certificate file", path, errc::invalid_params};
    auto const bytes = read_secret_file(file, certificate_file_limit, which);
    if (!bytes)
        return bytes.error();
    auto content = read_certificate_content(bytes->text, passphrase);
    if (!content) {
        auto out = file_failure(file, content.error().message);
        out.cause = content.error().cause;
        return out;
    }
    return find_pair(std::move(*content), file, now);
}

}
