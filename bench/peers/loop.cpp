// The library's connections, decoder and scheduler of batches without what it has around them: no gate,
// retry, budget, observer or deadline of a whole result.
#include "base/uuid.hpp"
#include "io/answer.hpp"
#include "io/connection_pool.hpp"
#include "io/deadline_queue.hpp"
#include "json/decode.hpp"
#include "peers/job.hpp"
#include "peers/stopwatch.hpp"
#include "protocol/batch_state.hpp"
#include "protocol/http_request.hpp"
#include "protocol/target.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <optional>
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
        batch(job.connections, 10 * job.connections),
        reader(context, clock::time_point::max()),
        lanes(job.connections),
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
    allot::batch_state batch;
    asio::steady_timer reader;
    bool reader_waits = false;
    std::size_t lanes; ///< that have not ended
    bench::stopwatch watch;
    // Of the request that is being sent: bytes are written only when a connection is there.
    std::string target{};
    std::string bytes{};
};

void write_request(shared& of, allot::assignment_ref const& reference, allot::exchange_info& info) {
    of.target.clear();
    allot::append_allotment_target(of.target, of.pool.to().where().base_path, reference, "");
    allot::uuid_text const request_id(of.random);
    info.client_request_id = std::string_view(request_id);
    of.requests.write(of.bytes, of.target, of.token, request_id);
}

allot::result<allot::allotment> read(allot::connection const& from, shared& of, allot::exchange_info& info) {
    auto const& answer = from.response();
    info.http_status = answer.status();
    info.request_id = answer.field("request-id");
    if (answer.status() != 200)
        bench::give_up("an answer " + std::to_string(answer.status()));
    std::optional<allot::allotment> found;
    if (auto const failed = allot::read_allotment(answer, of.decoder, of.options, found))
        bench::give_up(failed->message);
    return std::move(*found);
}

asio::awaitable<void>
exchange(shared& of, allot::assignment_ref const& reference, allot::batch_state::place& at) {
    auto lease = of.pool.try_acquire(clock::now());
    if (!lease) {
        auto acquired = co_await of.pool.acquire(false, std::nullopt);
        if (!acquired)
            bench::give_up(acquired.error().message);
        lease = std::move(*acquired);
    }
    write_request(of, reference, at.exchange);
    auto& connection = lease->connection();
    auto sent = connection.begin_exchange(
        of.bytes, body_limit, allot::content_coding::identity, clock::time_point::max());
    while (sent == allot::connection::progress::blocked) {
        bool const ready = co_await connection.wait_for_peer();
        sent = connection.continue_exchange(ready);
    }
    if (auto const failed = connection.end_exchange())
        bench::give_up(failed->message);
    at.outcome.emplace(read(connection, of, at.exchange));
}

void wake(shared& of) {
    if (std::exchange(of.reader_waits, false))
        of.reader.cancel();
}

asio::awaitable<void> ask(shared& of) {
    while (!of.watch.over()) {
        auto const added = of.batch.add(allot::assignment_ref::admin(of.ids[of.asked++ % of.ids.size()]));
        if (!added)
            bench::give_up("fewer ids than are under way");
        co_await exchange(of, of.batch.reference(*added), of.batch.place_of(*added));
        of.batch.complete(*added);
        wake(of);
    }
    if (--of.lanes != 0)
        co_return;
    of.batch.input_ended();
    wake(of);
    // Open connections do not keep the program, but the timer of their deadlines would.
    of.deadlines.rest();
}

asio::awaitable<allot::batch_item> next(shared& of) {
    while (!of.batch.has_ready()) {
        of.reader_waits = true;
        boost::system::error_code woken;
        co_await of.reader.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    co_return std::move(*of.batch.take());
}

asio::awaitable<void> take_all(shared& of) {
    while (!of.batch.finished()) {
        auto const item = co_await next(of);
        auto const& found = item.result;
        if (!found || found->id != bench::expected_id || found->services->size() != bench::expected_services)
            bench::give_up("a wrong allotment");
        of.watch.answered();
    }
}

}

int main(int argc, char** argv) {
    auto const job = bench::read_job(argc, argv);
    asio::io_context context{1};
    shared of(context, job);
    for (std::size_t each = 0; each != job.connections; ++each)
        asio::co_spawn(context, ask(of), asio::detached);
    asio::co_spawn(context, take_all(of), asio::detached);
    context.run();
    of.watch.print();
}
