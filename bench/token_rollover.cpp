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
#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;
using time_point = clock_type::time_point;

constexpr double turns_per_second = 1;

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

/// What one of the clients is made from, and what came of its requests.
struct contender {
    char const* const* words; ///< GRAPH_URL CA_FILE TOKEN_URL CLIENT_ID SECRET_FILE
    std::shared_ptr<watched_credential> credential;
    std::optional<allot::client> client;
    std::vector<span> requests; ///< from the time when each was due
    std::uint64_t good = 0;
};

constexpr std::size_t words_of_one = 5;

void make_client(contender& one, asio::io_context& context) {
    std::ifstream secret_file(one.words[4]);
    std::string secret_text((std::istreambuf_iterator<char>(secret_file)), {});
    allot::client_secret_params login;
    login.token_url = one.words[2];
    login.client_id = one.words[3];
    login.client_secret = allot::secret(std::move(secret_text));
    login.transport.ca_file = one.words[1];
    one.credential =
        std::make_shared<watched_credential>(allot::make_client_secret_credential(std::move(login)).value());
    allot::client_params params;
    params.graph_url = one.words[0];
    params.transport.ca_file = one.words[1];
    params.credential = one.credential;
    one.client = allot::make_client(context.get_executor(), std::move(params)).value();
}

asio::awaitable<void> fetch_one(contender& by, allot::assignment_ref reference, time_point due, bool counts) {
    auto const found = co_await by.client->get_allotment(std::move(reference));
    if (!counts)
        co_return;
    by.requests.push_back({due, clock_type::now()});
    by.good += found.has_value() ? 1 : 0;
}

/// The clients take turns: what the machine does at the side hits both.
asio::awaitable<void>
run(asio::io_context& context, std::array<contender, 2>& clients, std::vector<std::string> const& ids,
    std::uint64_t count, double rate) {
    // The first tokens, and then the first connections, are not what is measured.
    for (auto& each : clients) {
        auto reference = allot::assignment_ref::admin(ids.front());
        auto const first = co_await each.client->get_allotment(std::move(reference));
        if (!first)
            co_return;
    }
    auto const turn = static_cast<std::uint64_t>(rate / turns_per_second);
    auto const warm_up = 2 * turn;
    auto const start = clock_type::now();
    asio::steady_timer timer(context);
    for (std::uint64_t each = 0; each != warm_up + 2 * count; ++each) {
        auto const after = std::chrono::duration<double>(static_cast<double>(each) / rate);
        auto const due = start + std::chrono::duration_cast<clock_type::duration>(after);
        if (due > clock_type::now()) {
            timer.expires_at(due);
            co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        auto& by = clients[each / turn % 2];
        auto one = fetch_one(by, allot::assignment_ref::admin(ids[each % ids.size()]), due, each >= warm_up);
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

std::string report(contender const& one) {
    auto const& fetches = one.credential->fetches;
    std::vector<clock_type::duration> all;
    std::vector<clock_type::duration> beside;
    for (auto const& request : one.requests) {
        all.push_back(request.end - request.begin);
        if (std::any_of(
                fetches.begin(), fetches.end(), [&](span const& fetch) { return meet(request, fetch); }))
            beside.push_back(all.back());
    }
    std::ostringstream out;
    out << "{\"requests\":" << all.size() << ",\"good\":" << one.good << ",\"p50\":" << microseconds(all, 0.5)
        << ",\"p99\":" << microseconds(all, 0.99) << ",\"p99.9\":" << microseconds(all, 0.999)
        << ",\"max\":" << microseconds(all, 1) << ",\"beside\":" << beside.size()
        << ",\"beside_p50\":" << microseconds(beside, 0.5) << ",\"beside_p99\":" << microseconds(beside, 0.99)
        << '}';
    return out.str();
}

}

int main(int argc, char** argv) {
    if (argc != 3 + 2 * static_cast<int>(words_of_one)) {
        std::cerr
            << "usage: bench_token_rollover COUNT RATE {GRAPH_URL CA_FILE TOKEN_URL CLIENT_ID SECRET_FILE} "
               "x 2 < ids\n";
        return 2;
    }
    std::vector<std::string> ids;
    for (std::string line; std::getline(std::cin, line);)
        if (line.find('/') == std::string::npos)
            ids.push_back(line);
    auto const count = std::stoull(argv[1]);
    asio::io_context context{1};
    std::array<contender, 2> clients;
    for (std::size_t each = 0; each != clients.size(); ++each) {
        clients[each].words = argv + 3 + each * words_of_one;
        clients[each].requests.reserve(2 * count);
        make_client(clients[each], context);
    }
    asio::co_spawn(context, run(context, clients, ids, count, std::stod(argv[2])), asio::detached);
    context.run();
    std::cout << '[' << report(clients[0]) << ',' << report(clients[1]) << "]\n";
    return clients[0].good + clients[1].good == 2 * count ? 0 : 1;
}
