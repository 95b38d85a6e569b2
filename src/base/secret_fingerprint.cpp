#include "base/secret_fingerprint.hpp"

#include "base/sha256.hpp"

#include <random>

namespace allot {
namespace {

std::string drawn_salt() {
    constexpr int draws = 8;
    std::random_device system;
    std::string out;
    for (int i = 0; i != draws; ++i)
        out += std::to_string(system()) + '.';
    return out;
}

}

std::string secret_fingerprint(std::string_view text) {
    static std::string const salt = drawn_salt();
    sha256_hasher hasher;
    hasher.update(salt);
    hasher.update(text);
    return to_hex(hasher.finish());
}

}
