// Looks allotments up by the rules of allot or of a peer, as fast as these let it.
// usage: bench_throttle RULES SECONDS COUNT GRAPH_URL CA_FILE TOKEN_URL CLIENT_ID SECRET_FILE, ids on stdin.
// Ends after SECONDS, or when COUNT look-ups have ended (0: any number).
#include "cpu_time.hpp"
#include "throttle_rules/run.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>

namespace {

struct contender {
    std::string_view name;
    bench::starter start;
};

constexpr contender contenders[] = {
    {"allot", bench::start_allot},
    {"unpaced", bench::start_unpaced},
    {"kiota-go", bench::start_kiota_go},
    {"kiota-dotnet", bench::start_kiota_dotnet},
    {"aws-adaptive", bench::start_aws_adaptive},
    {"scubagear", bench::start_scubagear},
    {"mgx", bench::start_mgx},
};

}

int main(int argc, char** argv) {
    auto const named = [argv](contender const& each) { return each.name == argv[1]; };
    auto const found =
        argc == 9 ? std::find_if(std::begin(contenders), std::end(contenders), named) : std::end(contenders);
    if (found == std::end(contenders)) {
        std::cerr << "usage: bench_throttle RULES SECONDS COUNT GRAPH_URL CA_FILE TOKEN_URL CLIENT_ID "
                     "SECRET_FILE < ids\n";
        return 2;
    }
    auto const count = std::stoull(argv[3]);
    boost::asio::io_context context{1};
    bench::run run(context, argv + 4, count == 0 ? std::numeric_limits<std::uint64_t>::max() : count);
    auto const begin = std::chrono::steady_clock::now();
    found->start(run);
    context.run_for(std::chrono::seconds(std::stoll(argv[2])));
    auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::cout << "{\"good\":" << run.good() << ",\"given_up\":" << run.given_up()
              << ",\"seconds\":" << seconds << ",\"cpu_s\":" << cpu_seconds() << "}\n";
    return 0;
}
