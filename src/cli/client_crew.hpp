#pragma once

#include "client/dealt_batch.hpp"

#include <allot/client.hpp>
#include <allot/params.hpp>

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <thread>
#include <vector>

namespace allot {

/// The clients of an audit: one on the context of the command, or several on threads of their own. They have
/// one credential, so one throttle gate and one token; connections and the rate are divided among them.
/// Thread safety: shared: unsafe.
class client_crew {
public:
    /// `threads` above 1: as many, but at most one for each connection. What one of them throws comes out of
    /// `own`, which outlives the crew. Errors: `usage_error` for parameters that the client refuses.
    client_crew(boost::asio::io_context& own, client_params const& params, std::size_t threads);
    client_crew(client_crew const&) = delete;
    client_crew& operator=(client_crew const&) = delete;
    ~client_crew();

    std::size_t size() const noexcept { return members_.size(); }
    allot::client& first() { return *members_.front().client; }

    /// For a batch over all. Lifetimes: the crew outlives it.
    std::vector<dealt_batch::hand> hands();
    /// The share of one of them.
    batch_params share(batch_params const& of_all) const;

    /// Of all together.
    client_stats stats() const;

    /// Ends the threads, wherever they are.
    void stop();

private:
    struct member {
        boost::asio::io_context context{1};
        std::optional<allot::client> client;
        std::thread thread; ///< none where it runs on the context of the command
    };

    void run(member& which);

    boost::asio::io_context& own_;
    std::deque<member> members_;
};

}
