#include "base/sha256.hpp"

#include <openssl/evp.h>

#include <new>

namespace allot {
namespace {

// They fail for want of memory only: OpenSSL without SHA-256 does no TLS either.
void require(bool done) {
    if (!done)
        throw std::bad_alloc();
}

unsigned char* bytes_of(sha256_digest& value) noexcept {
    return reinterpret_cast<unsigned char*>(value.data());
}

}

void sha256_hasher::free_context::operator()(evp_md_ctx_st* context) const noexcept {
    EVP_MD_CTX_free(context);
}

sha256_hasher::sha256_hasher() : context_(EVP_MD_CTX_new()) {
    require(context_ != nullptr);
    start();
}

void sha256_hasher::start() {
    require(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void sha256_hasher::update(std::string_view text) {
    require(EVP_DigestUpdate(context_.get(), text.data(), text.size()) == 1);
}

sha256_digest sha256_hasher::finish() {
    sha256_digest out{};
    require(EVP_DigestFinal_ex(context_.get(), bytes_of(out), nullptr) == 1);
    start();
    return out;
}

sha256_digest sha256(std::string_view text) {
    sha256_hasher hasher;
    hasher.update(text);
    return hasher.finish();
}

std::string to_hex(sha256_digest const& value) {
    std::string out;
    out.reserve(2 * value.size());
    for (auto const each : value) {
        auto const byte = std::to_integer<unsigned>(each);
        out += "0123456789abcdef"[byte >> 4];
        out += "0123456789abcdef"[byte & 0xf];
    }
    return out;
}

std::string to_base64(sha256_digest const& value) {
    constexpr std::size_t length = 44;
    std::array<unsigned char, length + 1> text{}; // a NUL follows
    EVP_EncodeBlock(text.data(), reinterpret_cast<unsigned char const*>(value.data()), 32);
    return {reinterpret_cast<char const*>(text.data()), length};
}

}
