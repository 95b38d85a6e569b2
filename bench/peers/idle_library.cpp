// What a connection takes that has carried an exchange and waits for the next: in the pools of allot's
// clients.
#include "peers/idle.hpp"
#include "peers/job.hpp"

#include <allot/allot.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <future>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;

/// No more at once from one client, each with a gate of its own: so many enter a gate before it knows the
/// rate.
constexpr std::size_t most_of_one = 250;

allot::client make_client(asio::io_context& context, bench::job const& job, std::size_t connections) {
    static char other_token = 'a'; // with the same one they would share a gate
    allot::client_params params;
    params.graph_url = job.url;
    params.transport.ca_file = job.ca_file;
    params.credential = allot::make_token_credential(allot::secret(job.token + other_token++));
    params.connections = connections;
    return allot::make_client(context.get_executor(), std::move(params)).value();
}

asio::awaitable<void> use_all(allot::client& client, std::size_t connections) {
    std::vector<allot::assignment_ref> references;
    auto const ids = bench::assignment_ids();
    for (std::size_t each = 0; each != connections; ++each)
        references.push_back(allot::assignment_ref::admin(ids[each]));
    auto batch = client.get_allotments(std::move(references));
    for (auto item = co_await batch.next(); item; item = co_await batch.next())
        if (!item->result)
            bench::give_up(item->result.error().message);
}

/// A client with so many connections, all idle.
allot::client opened(asio::io_context& context, bench::job const& job, std::size_t connections) {
    auto made = make_client(context, job, connections);
    auto done = asio::co_spawn(context, use_all(made, connections), asio::use_future);
    using namespace std::chrono_literals;
    context.restart();
    while (done.wait_for(0s) != std::future_status::ready)
        context.run_one();
    done.get();
    if (made.stats().connections_opened != connections)
        bench::give_up(
            std::to_string(made.stats().connections_opened) + " connections were opened, not " +
            std::to_string(connections));
    return made;
}

}

int main(int argc, char** argv) {
    auto const job = bench::read_job(argc, argv);
    asio::io_context context{1};
    std::vector<allot::client> clients;
    clients.reserve(job.connections / most_of_one + 2);
    // What is there once for all of them.
    clients.push_back(opened(context, job, 1));
    auto const before = bench::memory_now();
    for (auto left = job.connections; left != 0; left -= std::min(left, most_of_one))
        clients.push_back(opened(context, job, std::min(left, most_of_one)));
    bench::print_memory_of_each(before, job.connections);
}
