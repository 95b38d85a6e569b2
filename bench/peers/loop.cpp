// The library's connections and decoder with nothing around them: no gate, retry, budget, deadline or
// observer.
#include "base/uuid.hpp"
#include "io/answer.hpp"
#include "io/connection_pool.hpp"
#include "io/deadline_queue.hpp"
#include "json/decode.hpp"
#include "peers/job.hpp"
#include "peers/stopwatch.hpp"
#include "protocol/http_request.hpp"
#include "protocol/target.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

constexpr std::size_t body_limit = 1024 * 1024;

allot::endpoint endpoint_of(bench::job const& job) {
    allot::transport_params transport;
    transport.ca_file = job.ca_file;
    return allot::endpoint::make(allot::parse_graph_url(job.url).value(), transport).value();
}

allot::connection_pool_params pool_params(bench::job const& job) {
    allot::connection_pool_params made;
    made.capacity = job.connections;
    made.idle_timeout = std::chrono::minutes(1);
    made.connect_timeout = std::chrono::seconds(10);
    return made;
}

/// What all loops share.
struct shared {
    shared(asio::io_context& context, bench::job const& job) :
        deadlines(context.get_executor()),
        pool(context.get_executor(), deadlines, endpoint_of(job), pool_params(job)),
        requests(pool.to().where(), "bench"),
        token(job.token),
        watch(job) {}

    allot::deadline_queue deadlines;
    allot::connection_pool pool;
    allot::request_template requests;
    std::string token;
    allot::allotment_decoder decoder{};
    allot::query options{};
    allot::random_engine random{1};
    std::vector<std::string> ids = bench::assignment_ids();
    std::size_t asked = 0;
    bench::stopwatch watch;
    // Of the request that is being sent: bytes are written only when a connection is there.
    std::string target{};
    std::string bytes{};
};

void write_request(shared& of) {
    auto const reference = allot::assignment_ref::admin(of.ids[of.asked++ % of.ids.size()]);
    of.target.clear();
    allot::append_allotment_target(of.target, of.pool.to().where().base_path, reference, "");
    allot::uuid_text const request_id(of.random);
    of.requests.write(of.bytes, of.target, of.token, request_id);
}

/// The allotment as its caller gets it.
std::optional<allot::allotment> read(allot::connection const& from, shared& of) {
    auto const& answer = from.response();
    if (answer.status() != 200)
        bench::give_up("an answer " + std::to_string(answer.status()));
    std::optional<allot::allotment> found;
    if (auto const failed = allot::read_allotment(answer, of.decoder, of.options, found))
        bench::give_up(failed->message);
    return found;
}

asio::awaitable<void> ask(shared& of) {
    while (!of.watch.over()) {
        auto lease = of.pool.try_acquire(clock::now());
        if (!lease) {
            auto acquired = co_await of.pool.acquire(false, std::nullopt);
            if (!acquired)
                bench::give_up(acquired.error().message);
            lease = std::move(*acquired);
        }
        write_request(of);
        auto& connection = lease->connection();
        auto const failed = co_await connection.exchange(
            of.bytes, body_limit, allot::content_coding::identity, clock::time_point::max());
        if (failed)
            bench::give_up(failed->message);
        auto const found = read(connection, of);
        if (!found || found->id != bench::expected_id || found->services->size() != bench::expected_services)
            bench::give_up("a wrong allotment");
        of.watch.answered();
    }
    // Open connections do not keep the program, but the timer of their deadlines would.
    of.deadlines.rest();
}

}

int main(int argc, char** argv) {
    auto const job = bench::read_job(argc, argv);
    asio::io_context context{1};
    shared of(context, job);
    for (std::size_t each = 0; each != job.connections; ++each)
        asio::co_spawn(context, ask(of), asio::detached);
    context.run();
    of.watch.print();
}
