#pragma once

#include "io/connection_pool.hpp"
#include "support/simulated_client.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace allot::test {

/// What connections to a simulator need, without a client.
struct connection_fixture {
    explicit connection_fixture(std::string const& script = "{}") : graph(1, script) {}

    endpoint graph_endpoint() const {
        auto const& info = graph->info();
        transport_params transport;
        transport.ca_file = info.ca_file;
        return endpoint::make(parse_graph_url(info.graph_url).value(), transport).value();
    }
    static connection::progress begin(connection& with, std::string_view request) {
        constexpr std::size_t body_limit = 64 * 1024;
        auto const until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        return with.begin_exchange(request, body_limit, content_coding::identity, until);
    }

    simulated_graph graph;
    boost::asio::io_context context;
    deadline_queue deadlines{context.get_executor()};
};

}
