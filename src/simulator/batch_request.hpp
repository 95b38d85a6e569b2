#pragma once

#include "simulator/message.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace allot::simulation {

/// The most items in a batch (Graph page "json-batching").
constexpr std::size_t most_batch_items = 20;

struct batch_item {
    std::string id;
    request what; ///< the target with the version of the batch's URL; Host is the envelope's
    std::vector<std::size_t> depends_on; ///< positions
};

/// Why a whole batch is refused, with 400.
struct batch_problem {
    std::string message;
};

/// Whether a path is that of a batch endpoint: "/VERSION/$batch".
bool is_batch_path(std::string_view path) noexcept;

/// Reads the items of an envelope, in its order. Ids are unique whatever their case. Dependencies have one of
/// the documented patterns: none, each item on the one before it, or all on the same one.
/// Precondition: the path is that of a batch.
std::variant<std::vector<batch_item>, batch_problem> parse_batch(request const& envelope);

}
