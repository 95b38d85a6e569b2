#pragma once

#include "simulator/entities.hpp"
#include "simulator/message.hpp"
#include "simulator/odata.hpp"
#include "simulator/tenant.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace allot::simulation {

/// Answers requests to the API for somebody who may read everything: finds the resource, applies the query.
/// Lifetimes: the tenant outlives it. Thread safety: unsafe, it keeps bodies it has made.
class router {
public:
    /// `graph_url` without the API version.
    router(tenant const& from, std::string const& graph_url, answer_shape shape);

    reply answer(request const& what, exchange const& of);

private:
    using body = std::shared_ptr<std::string const>;
    struct known_query {
        selection what;
        std::vector<body> bodies; ///< one per allotment, made when first asked for
    };

    reply route(request const& what, exchange const& of, std::vector<std::string> const& segments);
    reply below_scope(
        request const& what, exchange const& of, std::vector<std::string> const& segments, std::size_t at,
        std::optional<std::uint32_t> owner);
    reply allotment_of(request const& what, exchange const& of, std::uint32_t assignment);
    reply assignment_itself(request const& what, exchange const& of, std::uint32_t assignment);
    reply assignments_of(request const& what, exchange const& of, std::string const& allotment);

    tenant const& tenant_;
    answer_shape shape_;
    entity_writer writer_;
    std::unordered_map<std::string, known_query> queries_;
};

}
