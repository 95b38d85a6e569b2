#pragma once

#include <allot/model.hpp>
#include <allot/query.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace allot {

/// Parses what Graph answers nearly always straight into structs: half the instructions of a tree of values
/// in between. The rest is left to the tree, which alone decides what is wrong and says so: members that are
/// not known or come twice, names with escapes, other types than documented, control information that is no
/// text, lists of one allotment.
/// Thread safety: distinct objects: safe; shared: unsafe.
class direct_parser {
public:
    direct_parser();
    direct_parser(direct_parser const&) = delete;
    direct_parser& operator=(direct_parser const&) = delete;
    ~direct_parser();

    /// As `allotment_decoder::decode_answer`. False: the answer is not one of those; `out` is left undefined.
    bool parse_answer(std::string_view body, query const& options, std::optional<allotment>& out);

private:
    class handler;
    struct state;
    std::unique_ptr<state> state_;
};

}
