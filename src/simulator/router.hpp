#pragma once

#include "simulator/entities.hpp"
#include "simulator/message.hpp"
#include "simulator/odata.hpp"
#include "simulator/tenant.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
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
    /// `graph_url`: its own, without the API version.
    router(tenant const& from, std::string graph_url, answer_shape shape, page_params pages = {});

    reply answer(request const& what, exchange const& of);

private:
    using body = std::shared_ptr<std::string const>;
    struct known_query {
        selection what;
        std::vector<body> bodies; ///< one per allotment, made when first asked for
    };

    /// Of links to further pages: where the client thinks it is, if that is a cloud, else `graph_url_`.
    std::string base_url(request const& what) const;
    reply route(request const& what, exchange const& of, std::vector<std::string> const& segments);
    reply below_scope(
        request const& what, exchange const& of, std::vector<std::string> const& segments, std::size_t at,
        std::optional<std::uint32_t> owner);
    reply allotment_of(request const& what, exchange const& of, std::uint32_t assignment);
    reply assignment_itself(request const& what, exchange const& of, std::uint32_t assignment);
    reply assignments_of_allotment(request const& what, exchange const& of, std::string const& allotment);
    reply assignments_of_scope(request const& what, exchange const& of, std::optional<std::uint32_t> owner);
    /// A page of the list whose element at a position `element` knows.
    reply page_of(
        request const& what, exchange const& of, std::string context, std::size_t size,
        std::function<std::uint32_t(std::size_t)> const& element);

    tenant const& tenant_;
    std::string graph_url_;
    answer_shape shape_;
    page_params pages_;
    entity_writer writer_;
    std::unordered_map<std::string, known_query> queries_;
};

}
