#include "io/credentials/certificate_content.hpp"

#include "base/freed_by.hpp"

#include <boost/asio/ssl/error.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace allot {
namespace {

using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using pkcs12_ptr = std::unique_ptr<PKCS12, freed_by<PKCS12_free>>;
using encrypted_key_ptr = std::unique_ptr<X509_SIG, freed_by<X509_SIG_free>>;
using plain_key_ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, freed_by<PKCS8_PRIV_KEY_INFO_free>>;

/// What OpenSSL noted on this thread.
struct openssl_notes {
    bool lacks_algorithm = false;
    bool refused_mac = false; ///< of PKCS#12: the passphrase is another
    error_code cause;         ///< the first note
};

openssl_notes take_notes() {
    openssl_notes out;
    while (auto const error = ERR_get_error()) {
        auto const library = ERR_GET_LIB(error);
        auto const reason = ERR_GET_REASON(error);
        if (!out.cause)
            out.cause = error_code(static_cast<int>(error), boost::asio::error::get_ssl_category());
        if (library == ERR_LIB_EVP &&
            (reason == ERR_R_UNSUPPORTED || reason == EVP_R_UNSUPPORTED_ALGORITHM ||
             reason == EVP_R_UNKNOWN_PBE_ALGORITHM || reason == EVP_R_UNKNOWN_CIPHER))
            out.lacks_algorithm = true;
        if (library == ERR_LIB_PEM && reason == PEM_R_UNSUPPORTED_ENCRYPTION)
            out.lacks_algorithm = true;
        if (library == ERR_LIB_PKCS12 && reason == PKCS12_R_MAC_VERIFY_FAILURE)
            out.refused_mac = true;
    }
    return out;
}

failure content_failure(std::string message, openssl_notes const& notes = take_notes()) {
    failure made;
    made.code = errc::invalid_params;
    made.cause = notes.cause;
    made.message = std::move(message);
    return made;
}

failure wrong_passphrase(openssl_notes const& notes = take_notes()) {
    return content_failure(
        "cannot be decrypted: the passphrase is wrong; correct AZURE_CLIENT_CERTIFICATE_PASSWORD or what "
        "--certificate-passphrase-file holds",
        notes);
}

failure not_decrypted(secret const& passphrase, openssl_notes const& notes = take_notes()) {
    if (notes.lacks_algorithm)
        return content_failure(
            "is encrypted with an algorithm that OpenSSL 3 has in its legacy provider only, such as RC2; "
            "convert it once: openssl pkcs12 -legacy -in OLD -out NEW.pem",
            notes);
    if (passphrase.empty())
        return content_failure(
            "is protected by a passphrase, and none is given; set AZURE_CLIENT_CERTIFICATE_PASSWORD or give "
            "--certificate-passphrase-file",
            notes);
    return wrong_passphrase(notes);
}

/// Answers OpenSSL in place of a terminal.
int give_passphrase(char* out, int size, int, void* given) noexcept {
    auto const text = static_cast<secret const*>(given)->reveal();
    if (text.empty() || text.size() > static_cast<std::size_t>(size))
        return -1;
    std::memcpy(out, text.data(), text.size());
    return static_cast<int>(text.size());
}

/// One block between BEGIN and END. What it held is overwritten.
class pem_block {
public:
    pem_block() = default;
    pem_block(pem_block const&) = delete;
    pem_block& operator=(pem_block const&) = delete;
    ~pem_block() {
        OPENSSL_secure_free(name_);
        OPENSSL_secure_free(header_);
        OPENSSL_secure_clear_free(data_, static_cast<std::size_t>(allocated_));
    }

    /// False at the end, and at a block that is damaged: OpenSSL's notes tell which.
    bool read(BIO* from) {
        bool const found = PEM_read_bio_ex(from, &name_, &header_, &data_, &size_, PEM_FLAG_SECURE) == 1;
        allocated_ = size_;
        return found;
    }

    std::string_view name() const { return name_; }
    unsigned char const* data() const { return data_; }
    long size() const { return size_; }

    bool encrypted() const { return *header_ != '\0'; }

    /// Takes off the encryption that a Proc-Type field announces; true when there is none.
    bool decrypt(secret const& passphrase) {
        EVP_CIPHER_INFO cipher;
        return PEM_get_EVP_CIPHER_INFO(header_, &cipher) == 1 &&
               PEM_do_header(&cipher, data_, &size_, give_passphrase, const_cast<secret*>(&passphrase)) == 1;
    }

private:
    char* name_ = nullptr;
    char* header_ = nullptr;
    unsigned char* data_ = nullptr;
    long size_ = 0;
    long allocated_ = 0;
};

x509_ptr to_certificate(pem_block const& block) {
    auto const* at = block.data();
    // The trusted form has settings behind the certificate.
    return x509_ptr(
        block.name() == PEM_STRING_X509_TRUSTED ? d2i_X509_AUX(nullptr, &at, block.size())
                                                : d2i_X509(nullptr, &at, block.size()));
}

private_key_ptr to_key(pem_block const& block) {
    auto const* at = block.data();
    return private_key_ptr(d2i_AutoPrivateKey(nullptr, &at, block.size()));
}

private_key_ptr decrypted_key(pem_block const& block, secret const& passphrase) {
    auto const* at = block.data();
    encrypted_key_ptr const encrypted(d2i_X509_SIG(nullptr, &at, block.size()));
    auto const text = passphrase.reveal();
    if (!encrypted || text.empty())
        return nullptr;
    plain_key_ptr const plain(PKCS8_decrypt(encrypted.get(), text.data(), static_cast<int>(text.size())));
    return plain ? private_key_ptr(EVP_PKCS82PKEY(plain.get())) : nullptr;
}

result<certificate_content> read_pem(BIO* from, secret const& passphrase) {
    certificate_content out;
    for (;;) {
        pem_block block;
        if (!block.read(from))
            break;
        auto const name = block.name();
        if (name == PEM_STRING_X509 || name == PEM_STRING_X509_OLD || name == PEM_STRING_X509_TRUSTED) {
            out.certificates.push_back(to_certificate(block));
            if (!out.certificates.back())
                return content_failure("holds a damaged certificate; export it again");
        } else if (name == PEM_STRING_PKCS8) {
            out.keys.push_back(decrypted_key(block, passphrase));
            if (!out.keys.back())
                return not_decrypted(passphrase);
        } else if (name.ends_with("PRIVATE KEY")) {
            bool const encrypted = block.encrypted();
            if (!block.decrypt(passphrase))
                return not_decrypted(passphrase);
            out.keys.push_back(to_key(block));
            // One in 256 wrong passphrases gives bytes that only look decrypted.
            if (!out.keys.back() && encrypted)
                return wrong_passphrase();
            if (!out.keys.back())
                return content_failure("holds a damaged private key; export it again");
        }
    }
    auto const end = ERR_peek_last_error();
    if (ERR_GET_LIB(end) != ERR_LIB_PEM || ERR_GET_REASON(end) != PEM_R_NO_START_LINE)
        return content_failure(
            "is damaged PEM; copy or export it again, each block from its BEGIN line to its END line");
    ERR_clear_error();
    return out;
}

result<certificate_content> read_pkcs12(PKCS12* from, secret const& passphrase) {
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    STACK_OF(X509)* others = nullptr;
    // `reveal` views a std::string, which ends with a zero.
    bool const read = PKCS12_parse(from, passphrase.reveal().data(), &key, &certificate, &others) == 1;
    certificate_content out;
    if (key != nullptr)
        out.keys.emplace_back(key);
    if (certificate != nullptr)
        out.certificates.emplace_back(certificate);
    while (others != nullptr && sk_X509_num(others) > 0)
        out.certificates.emplace_back(sk_X509_shift(others));
    sk_X509_free(others);
    if (!read) {
        auto const notes = take_notes();
        if (notes.lacks_algorithm || notes.refused_mac)
            return not_decrypted(passphrase, notes);
        return content_failure(
            "is PKCS#12 that cannot be read: " + notes.cause.message() + "; export it again", notes);
    }
    ERR_clear_error();
    return out;
}

}

result<certificate_content> read_certificate_content(secret const& bytes, secret const& passphrase) {
    constexpr unsigned char der_sequence = 0x30;
    auto const text = bytes.reveal();
    ERR_clear_error();
    auto const* at = reinterpret_cast<unsigned char const*>(text.data());
    if (!text.empty() && *at == der_sequence) {
        pkcs12_ptr const found(d2i_PKCS12(nullptr, &at, static_cast<long>(text.size())));
        if (found)
            return read_pkcs12(found.get(), passphrase);
    }
    ERR_clear_error();
    if (text.find("-----BEGIN ") == std::string_view::npos)
        return content_failure(
            "is neither PEM nor PKCS#12; give the file that holds the certificate with its private key, "
            "such as the .pem or .pfx from which the .cer for the app registration was made");
    bio_ptr const from(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    if (!from)
        throw std::bad_alloc();
    return read_pem(from.get(), passphrase);
}

}
