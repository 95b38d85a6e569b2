#pragma once

#include <allot/credential.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace allot {

/// A name that clients of the process share things of a credential by: `key`, one of its keys, or the object
/// itself when that is empty. No other object has the address while somebody keeps this one.
inline std::string key_or_object(std::string key, token_credential const& credential) {
    if (key.empty())
        key = "object " + std::to_string(reinterpret_cast<std::uintptr_t>(&credential));
    return key;
}

}
