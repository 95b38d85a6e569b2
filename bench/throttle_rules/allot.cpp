// The library as it is: its own gate, retries and pool.
#include "throttle_rules/run.hpp"

#include <allot/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <optional>
#include <utility>

namespace bench {
namespace {

boost::asio::awaitable<void> look_all_up(run& of) {
    allot::client_params params;
    params.graph_url = of.graph_url;
    params.transport.ca_file = of.ca_file;
    params.credential = of.credential;
    params.connections = callers;
    auto client = allot::make_client(of.context.get_executor(), std::move(params)).value();
    auto generate = [&of]() -> std::optional<allot::assignment_ref> {
        auto const id = of.next();
        if (!id)
            return std::nullopt;
        return allot::assignment_ref::admin(*id);
    };
    auto batch = client.get_allotments(generate);
    for (auto item = co_await batch.next(); item; item = co_await batch.next())
        of.ended(item->result.has_value());
}

}

void start_allot(run& of) {
    boost::asio::co_spawn(of.context, look_all_up(of), boost::asio::detached);
}

}
