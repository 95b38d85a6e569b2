#include "client/client_impl.hpp"

#include <boost/asio/dispatch.hpp>

#include <utility>

namespace allot {

client_impl::operation::operation(std::shared_ptr<client_impl> owner) noexcept : owner_(std::move(owner)) {
    ++owner_->operations_;
}

client_impl::operation::~operation() {
    if (--owner_->operations_ != 0)
        return;
    owner_->exchange_->rest();
    if (owner_->closed_)
        owner_->exchange_->shut_down();
}

client_impl::client_impl(
    strand_type strand, std::unique_ptr<graph_exchange> exchange, std::size_t connections) :
    strand_(std::move(strand)),
    exchange_(std::move(exchange)),
    connections_(connections) {}

std::shared_ptr<client_impl>
client_impl::make(strand_type strand, std::unique_ptr<graph_exchange> exchange, std::size_t connections) {
    auto destroy = [strand](client_impl* last) {
        std::unique_ptr<client_impl> owned(last);
        boost::asio::dispatch(strand, [owned = std::move(owned)] {});
    };
    return {new client_impl(strand, std::move(exchange), connections), std::move(destroy)};
}

void client_impl::close() {
    closed_ = true;
    if (operations_ == 0)
        exchange_->shut_down();
}

namespace {

std::optional<failure> failure_of(errc code, std::optional<std::string> problem) {
    if (!problem)
        return std::nullopt;
    failure made;
    made.code = code;
    made.message = std::move(*problem);
    return made;
}

boost::asio::awaitable<void> nothing() {
    co_return;
}

}

std::optional<failure> client_impl::problem_of(assignment_ref const& reference) {
    return failure_of(errc::invalid_reference, reference.problem());
}

// No coroutine itself, which would have a frame of its own for every exchange.
boost::asio::awaitable<void> client_impl::fetch(
    assignment_ref const& reference, query const& options, std::string_view encoded_query,
    exchange_info& info, std::optional<result<allotment>>& outcome) {
    if (auto problem = problem_of(reference)) {
        outcome.emplace(std::move(*problem));
        return nothing();
    }
    return exchange_->get_allotment(reference, options, encoded_query, info, outcome);
}

client_stats client_impl::stats() const {
    auto const& live = exchange_->stats();
    auto const gate = exchange_->gate_figures();
    client_stats made;
    made.requests = live.requests.value();
    made.retries = live.retries.value();
    made.throttled = live.throttled.value();
    made.in_flight = live.in_flight.value();
    made.connections_opened = live.connections_opened.value();
    made.sessions_resumed = live.sessions_resumed.value();
    made.held = gate.held;
    made.held_until = gate.held_until;
    made.unit_rate = gate.rate;
    made.request_limit = gate.limit;
    auto const offset = live.issuer_clock_offset.load(std::memory_order_relaxed);
    if (offset != live_stats::unknown_offset)
        made.issuer_clock_offset = offset;
    return made;
}

std::optional<failure> check(query const& options) {
    return failure_of(errc::invalid_query, options.problem());
}

}
