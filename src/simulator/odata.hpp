#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace allot::simulation {

/// A type of Graph's cloudLicensing namespace: the names of its members, and what can be expanded.
struct entity_type {
    struct navigation {
        std::string_view name;
        entity_type const* target;
    };

    std::string_view name; ///< "allotment", as it stands in messages
    std::span<std::string_view const> members;
    std::span<navigation const> navigations;
};

extern entity_type const allotment_type;
extern entity_type const assignment_type;
extern entity_type const waiting_member_type;
extern entity_type const directory_object_type;

/// Which members of an entity an answer has. Bit i stands for member i of the type.
using member_mask = std::uint16_t;
constexpr member_mask every_member = 0xffff;

struct expansion {
    std::size_t navigation; ///< position in `entity_type::navigations`
    member_mask members = every_member;
};

struct selection {
    member_mask members = every_member;
    std::vector<expansion> expansions;
    std::size_t top = 0;  ///< `$top`, the size of a page; 0 where it is not given
    std::size_t skip = 0; ///< `$skiptoken`: entities on the pages before
    bool empty = false;   ///< `$skiptoken`: an empty page stands here
};

/// The most entities that `$top` may ask for.
constexpr std::size_t most_top = 999;

/// What is wrong with a query, as Graph would say it.
struct query_problem {
    std::string message;
};

enum class paging { none, pages };

/// Reads `$select` and `$expand` of a query, still percent-encoded, and with `paging::pages` `$top` and
/// `$skiptoken`. An expansion may have a nested `$select`. Options without "$" are the caller's own and
/// skipped, as OData 4.01 part 2, section 5.2 has it.
std::variant<selection, query_problem>
parse_query(std::string_view query, entity_type const& type, paging pages = paging::none);

/// The query of the page behind `query`: as it is, but with a skip token that stands for `skip` and `empty`.
std::string next_query(std::string_view query, std::size_t skip, bool empty = false);

}
