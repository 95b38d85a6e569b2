#include "client/batch_impl.hpp"
#include "client/client_impl.hpp"
#include "client/pages_impl.hpp"
#include "protocol/http_request.hpp"

#include <allot/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace allot {
namespace asio = boost::asio;

namespace {

std::optional<failure> invalid(std::string message) {
    failure made;
    made.code = errc::invalid_params;
    made.message = std::move(message);
    return made;
}

std::optional<failure>
check_range(char const* name, auto value, decltype(value) least, decltype(value) most) {
    if (value >= least && value <= most)
        return std::nullopt;
    return invalid(
        std::string(name) + " is " + std::to_string(value) + "; it must be from " + std::to_string(least) +
        " to " + std::to_string(most));
}

std::optional<failure> check_time(char const* name, std::chrono::milliseconds value) {
    constexpr std::int64_t day = 24 * 3600 * 1000;
    return check_range(
        (std::string(name) + " (in milliseconds)").c_str(), std::int64_t{value.count()}, std::int64_t{1},
        30 * day);
}

std::optional<failure> check(client_params const& params) {
    constexpr double once_a_day = 1.0 / 86'400;
    if (!params.credential)
        return invalid("credential is missing; every request needs an access token");
    if (!params.application.empty() && !is_field_value(params.application))
        return invalid(
            "application has characters that a User-Agent field cannot carry; use printable ASCII");
    std::optional<failure> problem = check_range("connections", params.connections, 1, 4096);
    auto also = [&problem](std::optional<failure> found) {
        if (!problem)
            problem = std::move(found);
    };
    also(check_time("request_timeout", params.request_timeout));
    also(check_time("idle_timeout", params.idle_timeout));
    also(check_time("transport.connect_timeout", params.transport.connect_timeout));
    also(check_time("transport.header_timeout", params.transport.header_timeout));
    also(check_time("transport.read_timeout", params.transport.read_timeout));
    also(check_time("retry.base_delay", params.retry.base_delay));
    also(check_time("retry.throttled_delay", params.retry.throttled_delay));
    also(check_time("retry.max_delay", params.retry.max_delay));
    if (params.retry.max_wait.count() != 0)
        also(check_time("retry.max_wait", params.retry.max_wait));
    if (params.deadline)
        also(check_time("deadline", *params.deadline));
    also(check_range("retry.max_attempts", params.retry.max_attempts, 1, 1000));
    if (params.max_rate)
        also(check_range("max_rate", *params.max_rate, once_a_day, 1e6));
    return problem;
}

/// Runs on the client's strand.
asio::awaitable<result<allotment>>
fetch_one(std::shared_ptr<client_impl> impl, assignment_ref reference, query options) {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    client_impl::operation const under_way(impl);
    exchange_info info;
    auto const encoded_query = encode_query(options);
    std::optional<result<allotment>> outcome;
    co_await impl->fetch(reference, options, encoded_query, info, outcome);
    co_return std::move(*outcome);
}

/// Runs on the caller's executor.
asio::awaitable<result<allotment>>
hop_and_fetch(std::shared_ptr<client_impl> impl, assignment_ref reference, query options) {
    if (auto problem = allot::check(options))
        co_return std::move(*problem);
    auto const strand = impl->strand();
    auto fetched = fetch_one(std::move(impl), std::move(reference), std::move(options));
    co_return co_await asio::co_spawn(strand, std::move(fetched), asio::use_awaitable);
}

}

result<client> make_client(asio::any_io_executor executor, client_params params) {
    if (auto problem = check(params))
        return std::move(*problem);
    auto const connections = params.connections;
    auto strand = asio::make_strand(std::move(executor));
    auto exchange = graph_exchange::make(strand, std::move(params));
    if (!exchange)
        return exchange.error();
    return client(client_impl::make(std::move(strand), std::move(*exchange), connections));
}

client::client(std::shared_ptr<client_impl> impl) noexcept : impl_(std::move(impl)) {}

client::client(client&&) noexcept = default;

client& client::operator=(client&& other) noexcept {
    client(std::move(other)).impl_.swap(impl_);
    return *this;
}

client::~client() {
    if (!impl_)
        return;
    auto const strand = impl_->strand();
    asio::post(strand, [impl = std::move(impl_)] { impl->close(); });
}

asio::awaitable<result<allotment>> client::get_allotment(assignment_ref reference, query options) {
    // No coroutine itself: one starts late, when this object may be gone.
    return hop_and_fetch(impl_, std::move(reference), std::move(options));
}

batch client::get_allotments(reference_source references, query options, batch_params params) {
    auto made = std::make_shared<batch_impl>(impl_, std::move(references), std::move(options), params);
    made->start();
    return batch(std::move(made));
}

assignment_pages client::list_assignments(list_scope scope, query options, list_params params) {
    return assignment_pages(
        std::make_shared<pages_impl>(impl_, std::move(scope), std::move(options), std::move(params)));
}

client_stats client::stats() const {
    return impl_->stats();
}

std::optional<std::chrono::steady_clock::time_point> client::throttled_until() const {
    return impl_->throttled_until();
}

}
