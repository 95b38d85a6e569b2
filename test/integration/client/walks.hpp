#pragma once

#include "support/coroutine.hpp"
#include "support/simulated_client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace allot::test {

/// What a walk gave.
struct walked {
    std::vector<std::string> ids;
    std::vector<std::size_t> sizes;
    std::vector<failure> failures;
    std::string last_link; ///< the last one that was not empty
    std::vector<assignment> assignments;
};

/// Walks to the end, and on after failures until there are `most_failures`.
inline boost::asio::awaitable<walked> walk(assignment_pages pages, std::size_t most_failures = 1) {
    walked seen;
    while (seen.failures.size() != most_failures) {
        auto page = co_await pages.next();
        if (!page)
            break;
        if (!*page) {
            seen.failures.push_back(page->error());
            continue;
        }
        auto& found = **page;
        seen.sizes.push_back(found.assignments.size());
        if (!found.next_link.empty())
            seen.last_link = found.next_link;
        for (auto& each : found.assignments) {
            seen.ids.push_back(each.id.value_or("-"));
            seen.assignments.push_back(std::move(each));
        }
    }
    co_return seen;
}

inline std::vector<std::string> ids_of(simulated_graph const& graph) {
    std::vector<std::string> ids;
    for (auto const& each : graph->tenant().assignments())
        ids.push_back(each.id);
    return ids;
}

inline std::string rule(std::string const& match, std::string const& deed) {
    return R"({"match":{"path":"/assignments$")" + match + R"(},"do":)" + deed + "}";
}

inline std::string rules(std::string const& list, std::string const& more = "") {
    return R"({"rules":[)" + list + "]" + more + "}";
}

inline bool says(failure const& why, std::string_view word) {
    return why.message.find(word) != std::string::npos;
}

struct page_fixture {
    boost::asio::io_context context;

    walked
    read(client& from, list_params params = {}, query options = {}, list_scope scope = list_scope::admin()) {
        return run(
            context, walk(from.list_assignments(std::move(scope), std::move(options), std::move(params))));
    }
};

}
