// A batch over a generator of references: shows that memory does not grow with the number of references.
// usage: bench_generator GRAPH_URL CA_FILE TOKEN_URL TENANT_CLIENT_ID SECRET_FILE COUNT, ids on stdin.
#include "cpu_time.hpp"

#include <allot/allot.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    statm >> total >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

struct run_report {
    std::uint64_t rows = 0;
    std::uint64_t good = 0;
    std::uint64_t resident_first = 0; ///< when the first thousand rows are there
    std::uint64_t resident_most = 0;
};

boost::asio::awaitable<void>
run(allot::client& client, std::vector<std::string> const& ids, std::uint64_t count, run_report& report) {
    std::uint64_t given = 0;
    auto generate = [&]() -> std::optional<allot::assignment_ref> {
        if (given == count)
            return std::nullopt;
        return allot::assignment_ref::admin(ids[given++ % ids.size()]);
    };
    auto batch = client.get_allotments(generate);
    for (auto item = co_await batch.next(); item; item = co_await batch.next()) {
        ++report.rows;
        report.good += item->result.has_value() ? 1 : 0;
        if (report.rows == 1000)
            report.resident_first = resident_bytes();
        if (report.rows % 1000 == 0)
            report.resident_most = std::max(report.resident_most, resident_bytes());
    }
}

}

int main(int argc, char** argv) {
    if (argc != 7) {
        std::cerr << "usage: bench_generator GRAPH_URL CA_FILE TOKEN_URL CLIENT_ID SECRET_FILE COUNT < ids\n";
        return 2;
    }
    std::vector<std::string> ids;
    for (std::string line; std::getline(std::cin, line);)
        if (line.find('/') == std::string::npos)
            ids.push_back(line);
    std::ifstream secret_file(argv[5]);
    std::string secret_text((std::istreambuf_iterator<char>(secret_file)), {});

    boost::asio::io_context context;
    allot::client_secret_params login;
    login.token_url = argv[3];
    login.client_id = argv[4];
    login.client_secret = allot::secret(std::move(secret_text));
    login.transport.ca_file = argv[2];
    allot::client_params params;
    params.graph_url = argv[1];
    params.transport.ca_file = argv[2];
    params.credential = allot::make_client_secret_credential(std::move(login)).value();
    auto client = allot::make_client(context.get_executor(), std::move(params)).value();

    run_report report;
    auto const started = std::chrono::steady_clock::now();
    auto const count = std::stoull(argv[6]);
    boost::asio::co_spawn(context, run(client, ids, count, report), boost::asio::detached);
    context.run();
    auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    auto const rows = static_cast<double>(report.rows);
    std::cout << "{\"rows\":" << report.rows << ",\"good\":" << report.good
              << ",\"rows_per_s\":" << rows / seconds << ",\"cpu_us_per_row\":" << cpu_seconds() / rows * 1e6
              << ",\"rss_growth_mib\":"
              << static_cast<double>(report.resident_most - report.resident_first) / (1024 * 1024) << "}\n";
    return report.rows == count && report.good == count ? 0 : 1;
}
