// Requests at a fixed rate, whatever the answers: their latencies, and those of the ones that a token was
// fetched beside. usage: bench_token_rollover GRAPH_URL CA_FILE TOKEN_URL CLIENT_ID SECRET_FILE COUNT RATE,
// ids on stdin.
#include <allot/allot.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;
using time_point = clock_type::time_point;

struct span {
    time_point begin;
    time_point end;
};

/// Notes when tokens are fetched.
class watched_credential final : public allot::token_credential {
public:
    explicit watched_credential(std::shared_ptr<allot::token_credential> inner) : inner_(std::move(inner)) {}

    asio::awaitable<allot::result<allot::access_token>> fetch_token(allot::token_request request) override {
        auto const begin = clock_type::now();
        auto fetched = co_await inner_->fetch_token(std::move(request));
        fetches.push_back({begin, clock_type::now()});
        co_return fetched;
    }

    std::string description() const override { return inner_->description(); }

    std::vector<span> fetches;

private:
    std::shared_ptr<allot::token_credential> inner_;
};

struct run_report {
    std::vector<span> requests; ///< from the time when each was due
    std::uint64_t good = 0;
};

asio::awaitable<void>
fetch_one(allot::client& client, allot::assignment_ref reference, time_point due, run_report& report) {
    auto const found = co_await client.get_allotment(std::move(reference));
    report.requests.push_back({due, clock_type::now()});
    report.good += found.has_value() ? 1 : 0;
}

asio::awaitable<void>
run(asio::io_context& context, allot::client& client, std::vector<std::string> const& ids,
    std::uint64_t count, double rate, run_report& report) {
    // The first token and the first connection are not what is measured.
    auto reference = allot::assignment_ref::admin(ids.front());
    auto const first = co_await client.get_allotment(std::move(reference));
    if (!first)
        co_return;
    auto const start = clock_type::now();
    asio::steady_timer timer(context);
    for (std::uint64_t each = 0; each != count; ++each) {
        auto const after = std::chrono::duration<double>(static_cast<double>(each) / rate);
        auto const due = start + std::chrono::duration_cast<clock_type::duration>(after);
        if (due > clock_type::now()) {
            timer.expires_at(due);
            co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        auto one = fetch_one(client, allot::assignment_ref::admin(ids[each % ids.size()]), due, report);
        asio::co_spawn(context, std::move(one), asio::detached);
    }
}

double microseconds(std::vector<clock_type::duration>& latencies, double part) {
    if (latencies.empty())
        return 0;
    auto const last = static_cast<double>(latencies.size() - 1);
    auto const at = latencies.begin() + static_cast<std::ptrdiff_t>(part * last);
    std::nth_element(latencies.begin(), at, latencies.end());
    return std::chrono::duration<double, std::micro>(*at).count();
}

bool meet(span const& one, span const& other) {
    return one.begin < other.end && other.begin < one.end;
}

void print(run_report const& report, std::vector<span> const& fetches) {
    std::vector<clock_type::duration> all;
    std::vector<clock_type::duration> beside;
    for (auto const& request : report.requests) {
        all.push_back(request.end - request.begin);
        if (std::any_of(
                fetches.begin(), fetches.end(), [&](span const& fetch) { return meet(request, fetch); }))
            beside.push_back(all.back());
    }
    std::cout << "{\"requests\":" << all.size() << ",\"good\":" << report.good
              << ",\"p50\":" << microseconds(all, 0.5) << ",\"p99\":" << microseconds(all, 0.99)
              << ",\"p99.9\":" << microseconds(all, 0.999) << ",\"max\":" << microseconds(all, 1)
              << ",\"fetches\":" << fetches.size() << ",\"beside\":" << beside.size()
              << ",\"beside_p50\":" << microseconds(beside, 0.5)
              << ",\"beside_p99\":" << microseconds(beside, 0.99) << "}\n";
}

}

int main(int argc, char** argv) {
    if (argc != 8) {
        std::cerr << "usage: bench_token_rollover GRAPH_URL CA_FILE TOKEN_URL CLIENT_ID SECRET_FILE COUNT "
                     "RATE < ids\n";
        return 2;
    }
    std::vector<std::string> ids;
    for (std::string line; std::getline(std::cin, line);)
        if (line.find('/') == std::string::npos)
            ids.push_back(line);
    std::ifstream secret_file(argv[5]);
    std::string secret_text((std::istreambuf_iterator<char>(secret_file)), {});

    asio::io_context context{1};
    allot::client_secret_params login;
    login.token_url = argv[3];
    login.client_id = argv[4];
    login.client_secret = allot::secret(std::move(secret_text));
    login.transport.ca_file = argv[2];
    auto const credential =
        std::make_shared<watched_credential>(allot::make_client_secret_credential(std::move(login)).value());
    allot::client_params params;
    params.graph_url = argv[1];
    params.transport.ca_file = argv[2];
    params.credential = credential;
    auto client = allot::make_client(context.get_executor(), std::move(params)).value();

    run_report report;
    auto const count = std::stoull(argv[6]);
    report.requests.reserve(count);
    asio::co_spawn(context, run(context, client, ids, count, std::stod(argv[7]), report), asio::detached);
    context.run();
    print(report, credential->fetches);
    return report.good == count ? 0 : 1;
}
