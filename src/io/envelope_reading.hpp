#pragma once

#include "json/batch_answer.hpp"
#include "protocol/common_departure.hpp"
#include "protocol/envelope.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace allot {

/// The answer to an envelope while its parts are read, with buffers that are used again.
struct envelope_reading {
    batch_answer_decoder decoder;
    std::span<batch_part const> parts;
    std::vector<std::uint64_t> ids;
    matched_parts matched;
    common_departure leaving;
    std::size_t missing = 0;
    std::size_t failed = 0; ///< by the service
};

}
