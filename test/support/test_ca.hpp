#pragma once

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace allot::test {

struct openssl_deleter {
    void operator()(X509* value) const noexcept { X509_free(value); }
    void operator()(EVP_PKEY* value) const noexcept { EVP_PKEY_free(value); }
    void operator()(X509_EXTENSION* value) const noexcept { X509_EXTENSION_free(value); }
};
template <class T>
using openssl_ptr = std::unique_ptr<T, openssl_deleter>;

inline void must(bool done, std::string const& what) {
    if (!done)
        throw std::runtime_error(what + ": OpenSSL error " + std::to_string(ERR_peek_error()));
}

/// A new folder that goes with everything in it.
class temporary_folder {
public:
    temporary_folder() {
        auto name = (std::filesystem::temp_directory_path() / "allot-test-XXXXXX").string();
        must(::mkdtemp(name.data()) != nullptr, name);
        path_ = name;
    }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;
    ~temporary_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

enum class key_kind { p256, rsa_1024, rsa_2048 };

/// What a certificate says. Without changes: good for TLS servers, from 2000 to 2090.
struct certificate_params {
    std::string common_name = "server";
    /// As OpenSSL writes them: "DNS:a.example,IP:127.0.0.1"; empty for none.
    std::string alternative_names = {};
    std::string extended_key_usage = "serverAuth";
    std::string name_constraints = {}; ///< of a CA: "permitted;DNS:example.org"
    std::string not_before = "20000101000000Z";
    std::string not_after = "20900101000000Z";
    key_kind key = key_kind::p256;
    bool authority_key_identifier = true;
};

/// A certificate with its key and the certificates between it and the root.
struct certificate {
    openssl_ptr<X509> x509;
    openssl_ptr<EVP_PKEY> key;
    std::vector<openssl_ptr<X509>> chain;

    /// Writes NAME.pem (the certificate, then its chain) and NAME.key; answers the path of NAME.pem.
    std::string write(std::filesystem::path const& folder, std::string const& name) const;
};

/// A private certification authority: its root or an intermediate.
class test_ca {
public:
    explicit test_ca(certificate_params params = {.common_name = "allot test root"}) :
        self_(make(std::move(params), nullptr, true)) {}

    /// A CA below this one.
    test_ca intermediate(certificate_params params = {.common_name = "allot test intermediate"}) const {
        return test_ca(make(std::move(params), this, true));
    }

    certificate issue(certificate_params params) const { return make(std::move(params), this, false); }

    /// A certificate that vouches for itself; of `key`, or of a new one.
    static certificate self_signed(certificate_params params, EVP_PKEY* key = nullptr) {
        return make(std::move(params), nullptr, false, key);
    }

    certificate const& self() const noexcept { return self_; }

private:
    explicit test_ca(certificate self) : self_(std::move(self)) {}

    static certificate
    make(certificate_params params, test_ca const* issuer, bool is_ca, EVP_PKEY* key = nullptr) {
        certificate out;
        if (key != nullptr)
            EVP_PKEY_up_ref(key);
        out.key.reset(
            key != nullptr                     ? key
            : params.key == key_kind::p256     ? EVP_EC_gen("P-256")
            : params.key == key_kind::rsa_1024 ? EVP_RSA_gen(1024u)
                                               : EVP_RSA_gen(2048u));
        must(out.key != nullptr, "making a key");
        out.x509.reset(X509_new());
        auto* const x509 = out.x509.get();
        auto* const issuer_x509 = issuer ? issuer->self_.x509.get() : x509;
        X509_set_version(x509, X509_VERSION_3);
        static long serial = 0;
        ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial);
        must(
            ASN1_TIME_set_string_X509(X509_getm_notBefore(x509), params.not_before.c_str()) == 1 &&
                ASN1_TIME_set_string_X509(X509_getm_notAfter(x509), params.not_after.c_str()) == 1,
            "setting the times");
        X509_NAME_add_entry_by_txt(
            X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
            reinterpret_cast<unsigned char const*>(params.common_name.c_str()), -1, -1, 0);
        X509_set_issuer_name(x509, X509_get_subject_name(issuer_x509));
        X509_set_pubkey(x509, out.key.get());

        X509V3_CTX context;
        X509V3_set_ctx(&context, issuer_x509, x509, nullptr, nullptr, 0);
        auto const add = [&](int nid, std::string const& value) {
            if (value.empty())
                return;
            openssl_ptr<X509_EXTENSION> const extension(
                X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
            must(extension && X509_add_ext(x509, extension.get(), -1) == 1, value);
        };
        add(NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
        add(NID_key_usage, is_ca ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
        add(NID_subject_key_identifier, "hash");
        add(NID_authority_key_identifier, params.authority_key_identifier ? "keyid:always" : "");
        add(NID_ext_key_usage, is_ca ? "" : params.extended_key_usage);
        add(NID_subject_alt_name, params.alternative_names);
        add(NID_name_constraints, params.name_constraints);
        must(X509_sign(x509, issuer ? issuer->self_.key.get() : out.key.get(), EVP_sha256()) != 0, "signing");

        // The root itself is not sent: who trusts it has it.
        if (issuer && X509_self_signed(issuer_x509, 0) != 1) {
            X509_up_ref(issuer_x509);
            out.chain.emplace_back(issuer_x509);
            for (auto const& above : issuer->self_.chain) {
                X509_up_ref(above.get());
                out.chain.emplace_back(above.get());
            }
        }
        return out;
    }

    certificate self_;
};

inline std::string certificate::write(std::filesystem::path const& folder, std::string const& name) const {
    struct closer {
        void operator()(std::FILE* value) const noexcept { std::fclose(value); }
    };
    auto const open = [](std::filesystem::path const& path) {
        std::unique_ptr<std::FILE, closer> out(std::fopen(path.c_str(), "w"));
        must(out != nullptr, path.string());
        return out;
    };
    auto const path = folder / (name + ".pem");
    auto const certificates = open(path);
    must(PEM_write_X509(certificates.get(), x509.get()) == 1, "writing a certificate");
    for (auto const& above : chain)
        must(PEM_write_X509(certificates.get(), above.get()) == 1, "writing a certificate");
    auto const key_path = folder / (name + ".key");
    auto const key_file = open(key_path);
    std::filesystem::permissions(
        key_path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    must(
        PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "writing a key");
    return path.string();
}

}
