#pragma once

#include "simulator/message.hpp"

#include <string>
#include <vector>

namespace allot::simulation {

/// The answer to one item, as it stands in that of its batch.
struct batch_part {
    std::string id;
    reply answer;
    bool lower_case = false; ///< of the names of its fields: Graph writes both
    bool checked = true;     ///< the body is JSON if its type says so; else that is found out
};

/// The body of a batch's answer. JSON stands in it as it is, other bodies as base64 (Graph page
/// "json-batching"); what names the exchange is in the envelope's fields only.
std::string batch_body(std::vector<batch_part> const& parts);

}
