#pragma once

#include "json/decode.hpp"

#include <boost/json/fwd.hpp>

#include <optional>

namespace allot {

/// `allotment_decoder::decode_answer` of a text that is parsed.
decoded<std::optional<allotment>> allotment_in(boost::json::value const& document, query const& options);

/// `decode_graph_error` of a text that is parsed.
std::optional<graph_error> graph_error_in(boost::json::value const& document);

}
