#pragma once

#include "io/graph_exchange.hpp"

#include <allot/client.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/strand.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace allot {

/// What a client and its operations share. All but `stats` runs on `strand`.
class client_impl {
public:
    using strand_type = boost::asio::strand<boost::asio::any_io_executor>;

    /// An operation under way: while there is one, the client does not rest.
    class operation {
    public:
        explicit operation(std::shared_ptr<client_impl> owner) noexcept;
        ~operation();
        operation(operation const&) = delete;
        operation& operator=(operation const&) = delete;

        client_impl& owner() const noexcept { return *owner_; }

    private:
        std::shared_ptr<client_impl> owner_;
    };

    /// Destroyed on its strand, wherever the last owner is.
    static std::shared_ptr<client_impl>
    make(strand_type strand, std::unique_ptr<graph_exchange> exchange, std::size_t connections);

    client_impl(strand_type strand, std::unique_ptr<graph_exchange> exchange, std::size_t connections);

    /// One allotment, or why not, goes to `outcome`, which is empty before. A reference that cannot be sent
    /// is refused here, with `info` as it was. Preconditions: the query was checked. Lifetimes: the arguments
    /// until the end.
    boost::asio::awaitable<void> fetch(
        assignment_ref const& reference, query const& options, std::string_view encoded_query,
        exchange_info& info, std::optional<result<allotment>>& outcome);

    /// Why a reference cannot be sent, if so.
    static std::optional<failure> problem_of(assignment_ref const& reference);

    /// For what can be sent.
    graph_exchange& exchange() noexcept { return *exchange_; }

    /// The page of a list that `target` stands for. Otherwise as `fetch`.
    boost::asio::awaitable<void> fetch_page(
        std::string target, query const& options, exchange_info& info,
        std::optional<result<assignment_page>>& outcome) {
        return exchange_->get_page(std::move(target), options, info, outcome);
    }

    /// Where requests go. Thread safety: safe.
    origin const& where() const noexcept { return exchange_->where(); }

    strand_type const& strand() const noexcept { return strand_; }
    std::size_t connections() const noexcept { return connections_; }
    client_stats stats() const;
    /// Thread safety: safe.
    std::optional<std::chrono::steady_clock::time_point> throttled_until() const {
        return exchange_->gate_figures().throttled_until;
    }
    /// The client is gone: once no operation is under way, nothing is kept open.
    void close();

private:
    strand_type strand_;
    std::unique_ptr<graph_exchange> exchange_;
    std::size_t connections_;
    std::size_t operations_ = 0;
    bool closed_ = false;
};

/// Why the query cannot be sent, if so.
std::optional<failure> check(query const& options);

}
