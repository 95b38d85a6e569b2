#pragma once

#include <allot/credential.hpp>

#include <cstdint>
#include <memory>

namespace allot {

/// A token in use. `generation` tells a token from all others: of two tokens the greater one belongs to the
/// one that was asked for later.
struct cached_token {
    std::shared_ptr<access_token const> token;
    std::uint64_t generation = 0;
    bool answers_challenge = false; ///< it was asked for with the claims of a challenge
};

}
