#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace allot {

using sha256_digest = std::array<std::byte, 32>;

/// SHA-256 (FIPS 180-4) of text that comes in pieces. Errors: `std::bad_alloc`.
/// Thread safety: distinct objects: safe; shared: unsafe.
class sha256_hasher {
public:
    sha256_hasher();

    void update(std::string_view text);

    /// The digest of all that came; the hasher then starts anew.
    sha256_digest finish();

private:
    struct free_context {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };

    void start();

    std::unique_ptr<evp_md_ctx_st, free_context> context_;
};

sha256_digest sha256(std::string_view text);

/// 64 lower-case hex digits.
std::string to_hex(sha256_digest const& value);

/// 44 characters of base64, padding included, as Content-Security-Policy wants it.
std::string to_base64(sha256_digest const& value);

}
