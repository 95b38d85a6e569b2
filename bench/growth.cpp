// The library's loop over so many rows: BENCH_TOKEN=TOKEN bench_growth URL CA_FILE CONNECTIONS ROWS
#include <allot/allot.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

namespace {

/// Another one each time: nothing is fetched once for two.
allot::assignment_ref reference(std::uint64_t number) {
    char text[37];
    std::snprintf(
        text, sizeof text, "405ee855-dd74-f695-8d7e-be35%08llx", static_cast<unsigned long long>(number));
    return allot::assignment_ref::admin(text);
}

boost::asio::awaitable<void> run(allot::client& client, std::uint64_t rows, std::uint64_t& good) {
    std::uint64_t given = 0;
    auto generate = [&]() -> std::optional<allot::assignment_ref> {
        if (given == rows)
            return std::nullopt;
        return reference(given++);
    };
    auto batch = client.get_allotments(generate);
    for (auto item = co_await batch.next(); item; item = co_await batch.next())
        good += item->result && item->result->services ? 1 : 0;
}

}

int main(int argc, char** argv) {
    auto const token = std::getenv("BENCH_TOKEN");
    if (argc != 5 || !token) {
        std::cerr << "usage: BENCH_TOKEN=TOKEN bench_growth URL CA_FILE CONNECTIONS ROWS\n";
        return 2;
    }
    boost::asio::io_context context{1};
    allot::client_params params;
    params.graph_url = argv[1];
    params.transport.ca_file = argv[2];
    params.connections = std::stoul(argv[3]);
    params.credential = allot::make_token_credential(allot::secret(std::string(token)));
    auto client = allot::make_client(context.get_executor(), std::move(params)).value();
    auto const rows = std::stoull(argv[4]);
    std::uint64_t good = 0;
    boost::asio::co_spawn(context, run(client, rows, good), boost::asio::detached);
    context.run();
    if (good == rows)
        return 0;
    std::cerr << "bench_growth: " << rows - good << " of " << rows << " rows are not good\n";
    return 1;
}
