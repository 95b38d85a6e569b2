#include "throttle_rules/transport.hpp"

#include "io/answer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <random>
#include <utility>

namespace bench {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds request_timeout{30};
constexpr std::size_t allotment_limit = 1024 * 1024;
constexpr std::size_t batch_limit = 20 * 1024 * 1024;

allot::connection_pool_params pool_params(std::size_t connections) {
    allot::connection_pool_params made;
    made.capacity = connections;
    made.idle_timeout = std::chrono::minutes(1);
    made.connect_timeout = std::chrono::seconds(10);
    return made;
}

allot::transport_params trusting(std::string const& ca_file) {
    allot::transport_params made;
    made.ca_file = ca_file;
    return made;
}

}

transport::transport(run& of, allot::endpoint to, std::size_t connections) :
    deadlines_(of.context.get_executor()),
    pool_(of.context.get_executor(), deadlines_, std::move(to), pool_params(connections)),
    requests_(pool_.to().where(), "bench"),
    random_(std::random_device()()) {}

asio::awaitable<std::shared_ptr<transport>> transport::make(run& of, std::size_t connections) {
    auto where = allot::parse_graph_url(of.graph_url).value();
    auto to = allot::endpoint::make(std::move(where), trusting(of.ca_file)).value();
    std::shared_ptr<transport> made(new transport(of, std::move(to), connections));
    allot::token_request request(allot::token_scope(of.graph_url).value());
    auto token = co_await of.credential->fetch_token(std::move(request));
    if (!token) {
        std::cerr << token.error().message << '\n';
        std::exit(1);
    }
    made->token_ = token->value.reveal();
    co_return made;
}

asio::awaitable<answer> transport::get(std::string_view id) {
    // The bytes are written when a connection is there: they are everybody's.
    auto lease = pool_.try_acquire(clock::now());
    if (!lease) {
        auto acquired = co_await pool_.acquire(false, std::nullopt);
        if (!acquired)
            co_return answer();
        lease = std::move(*acquired);
    }
    std::string target;
    auto const reference = allot::assignment_ref::admin(std::string(id));
    allot::append_allotment_target(target, pool_.to().where().base_path, reference, "");
    allot::uuid_text const request_id(random_);
    requests_.write(bytes_, target, token_, request_id);
    auto& connection = lease->connection();
    auto const failed = co_await connection.exchange(
        bytes_, allotment_limit, allot::content_coding::identity, clock::now() + request_timeout);
    if (failed)
        co_return answer();
    auto const& response = connection.response();
    answer out;
    out.status = response.status();
    out.retry_after = response.field("Retry-After");
    allot::query const options;
    std::optional<allot::allotment> found;
    out.good = out.status == 200 && !allot::read_allotment(response, decoder_, options, found);
    co_return out;
}

asio::awaitable<answer> transport::post_batch(std::string_view body) {
    auto acquired = co_await pool_.acquire(false, std::nullopt);
    if (!acquired)
        co_return answer();
    auto const& where = pool_.to().where();
    bytes_ = "POST " + where.base_path + "/$batch HTTP/1.1\r\nHost: " + where.host_field +
             "\r\nUser-Agent: bench\r\nAuthorization: Bearer " + token_ +
             "\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n";
    bytes_ += body;
    auto& connection = acquired->connection();
    auto const failed = co_await connection.exchange(
        bytes_, batch_limit, allot::content_coding::identity, clock::now() + request_timeout);
    if (failed)
        co_return answer();
    auto const& response = connection.response();
    answer out;
    out.status = response.status();
    out.retry_after = response.field("Retry-After");
    out.body = response.body();
    co_return out;
}

double transport::draw() {
    return std::uniform_real_distribution<double>()(random_);
}

asio::awaitable<void> wait(asio::io_context& context, std::chrono::nanoseconds time) {
    asio::steady_timer timer(context, time);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

}
