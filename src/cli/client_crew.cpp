#include "cli/client_crew.hpp"

#include "base/blocked_signals.hpp"
#include "cli/usage_error.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace allot {
namespace {

/// The part of `whole` that number `which` of `parts` has; all parts make the whole.
std::size_t part_of(std::size_t whole, std::size_t parts, std::size_t which) {
    return (whole + which) / parts;
}

client make_checked_client(boost::asio::io_context& context, client_params params) {
    auto made = make_client(context.get_executor(), std::move(params));
    if (!made)
        throw usage_error(made.error().message);
    return std::move(*made);
}

void add(client_stats& sum, client_stats const& more) {
    sum.requests += more.requests;
    sum.retries += more.retries;
    sum.throttled += more.throttled;
    sum.connections_opened += more.connections_opened;
    sum.sessions_resumed += more.sessions_resumed;
    sum.in_flight += more.in_flight;
    // Of the gate, which is the same for all: read a moment later.
    sum.held = std::max(sum.held, more.held);
    if (more.held_until)
        sum.held_until = more.held_until;
    sum.unit_rate = more.unit_rate;
    sum.request_limit = more.request_limit;
    if (more.issuer_clock_offset)
        sum.issuer_clock_offset = more.issuer_clock_offset;
}

}

client_crew::client_crew(boost::asio::io_context& own, client_params const& params, std::size_t threads) :
    own_(own) {
    // What is wrong with the parameters is told of those that the user gave.
    auto whole = make_checked_client(own, params);
    auto const parts = std::clamp<std::size_t>(threads, 1, params.connections);
    if (parts == 1) {
        members_.emplace_back().client.emplace(std::move(whole));
        return;
    }
    for (std::size_t which = 0; which != parts; ++which) {
        auto share = params;
        share.connections = part_of(params.connections, parts, which);
        if (params.max_rate)
            share.max_rate = *params.max_rate / static_cast<double>(parts);
        auto& added = members_.emplace_back();
        added.client.emplace(make_checked_client(added.context, std::move(share)));
    }
    blocked_signals const blocked;
    for (auto& each : members_)
        each.thread = std::thread([this, &each] { run(each); });
}

client_crew::~client_crew() {
    stop();
}

void client_crew::run(member& which) {
    try {
        auto const work = boost::asio::make_work_guard(which.context);
        which.context.run();
    } catch (...) {
        boost::asio::post(own_, [error = std::current_exception()] { std::rethrow_exception(error); });
    }
}

void client_crew::stop() {
    for (auto& each : members_)
        if (each.thread.joinable())
            each.context.stop();
    for (auto& each : members_)
        if (each.thread.joinable())
            each.thread.join();
}

std::vector<dealt_batch::hand> client_crew::hands() {
    std::vector<dealt_batch::hand> all;
    for (auto& each : members_)
        all.push_back({&*each.client, each.context.get_executor()});
    return all;
}

batch_params client_crew::share(batch_params const& of_all) const {
    auto const divided = [this](std::size_t value) {
        return value == 0 ? value : std::max<std::size_t>(value / members_.size(), 1);
    };
    return batch_params().concurrency(divided(of_all.concurrency())).buffer(divided(of_all.buffer()));
}

client_stats client_crew::stats() const {
    client_stats sum;
    for (auto const& each : members_)
        add(sum, each.client->stats());
    return sum;
}

}
