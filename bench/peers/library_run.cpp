#include "peers/library_run.hpp"

#include "peers/job.hpp"
#include "peers/stopwatch.hpp"

#include <allot/allot.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

bool is_right(allot::result<allot::allotment> const& found) {
    return found && found->id == bench::expected_id && found->services &&
           found->services->size() == bench::expected_services;
}

boost::asio::awaitable<void>
run(allot::client& client, allot::batch_params params, std::size_t id_count, bench::stopwatch& watch) {
    auto const ids = bench::assignment_ids(id_count);
    std::size_t asked = 0;
    auto generate = [&]() -> std::optional<allot::assignment_ref> {
        if (watch.over())
            return std::nullopt;
        return allot::assignment_ref::admin(ids[asked++ % ids.size()]);
    };
    auto batch = client.get_allotments(generate, allot::query(), params);
    for (auto item = co_await batch.next(); item; item = co_await batch.next()) {
        if (!is_right(item->result))
            bench::give_up(item->result ? "a wrong allotment" : item->result.error().message);
        watch.answered();
    }
}

}

namespace bench {

void run_library(int argc, char** argv, allot::batch_params how, std::size_t id_count) {
    auto const job = read_job(argc, argv);
    boost::asio::io_context context{1};
    allot::client_params params;
    params.graph_url = job.url;
    params.transport.ca_file = job.ca_file;
    params.credential = allot::make_token_credential(allot::secret(job.token));
    params.connections = job.connections;
    auto client = allot::make_client(context.get_executor(), std::move(params)).value();
    stopwatch watch(job);
    boost::asio::co_spawn(context, run(client, how, id_count, watch), boost::asio::detached);
    context.run();
    watch.print();
}

}
