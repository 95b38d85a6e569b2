#pragma once

#include "json/batch_answer.hpp"

#include <allot/model.hpp>
#include <allot/query.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace allot {

/// What became of an allotment that was parsed directly.
struct direct_outcome {
    bool none = false;        ///< the answer says that there is none
    std::uint32_t filled = 0; ///< members that have a value, by their place among the described ones

    /// Whether all members are there that the answer must have.
    bool is_complete(query const& options) const;
};

/// The answer to a `$batch` call: parts and their bodies, of which the first `count` are in use.
struct direct_batch {
    struct body {
        std::optional<allotment> found;
        direct_outcome outcome;
    };
    std::vector<batch_part> parts;
    std::vector<body> bodies;
    std::size_t count = 0;
};

/// Parses what Graph answers nearly always straight into structs: half the instructions of a tree of values
/// in between. The rest is left to the tree, which alone decides what is wrong and says so: members that are
/// not known or come twice, names with escapes, other types than documented, control information that is no
/// text, lists of one allotment, errors in a batch.
/// Thread safety: distinct objects: safe; shared: unsafe.
class direct_parser {
public:
    direct_parser();
    direct_parser(direct_parser const&) = delete;
    direct_parser& operator=(direct_parser const&) = delete;
    ~direct_parser();

    /// As `allotment_decoder::decode_answer`. False: the answer is not one of those; `out` is left undefined.
    bool parse_answer(std::string_view body, query const& options, std::optional<allotment>& out);

    /// As `batch_answer_decoder::decode`, with the bodies. Views in `out` are into `body`.
    bool parse_batch(std::string_view body, direct_batch& out);

private:
    bool parse(std::string_view body);

    class handler;
    struct state;
    std::unique_ptr<state> state_;
};

}
