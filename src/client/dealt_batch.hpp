#pragma once

#include "client/reference_dealer.hpp"

#include <allot/batch.hpp>
#include <allot/client.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace allot {

/// One batch over several clients, each on a thread of its own. The input is dealt to them in chunks, and
/// results come back in chunks: when one is full, or 2 ms after its first result. A thread that works to
/// capacity meets the others, and the reader, twice in a chunk.
///
/// Order and duplicates as in `batch`; of a generator, equal references share a fetch only within a client.
/// The generator is called by one client at a time, on its thread.
/// Preconditions: each executor runs on one thread. Lifetimes: the executors' contexts outlive the object;
/// destroying it ends what is under way, later.
/// Thread safety: shared: unsafe; all members are called on the reader's executor.
class dealt_batch {
public:
    struct hand {
        allot::client* client;
        boost::asio::any_io_executor executor; ///< of that client
    };

    /// Starts at once. `reader` is where `next` is awaited. `each`: the pace of each client.
    dealt_batch(
        std::vector<hand> const& hands, boost::asio::any_io_executor reader, reference_source references,
        query const& options, batch_params const& each);
    dealt_batch(dealt_batch&&) noexcept;
    ~dealt_batch();

    /// The next result, or null after the last one. Lifetimes: until the next call; it is destroyed on the
    /// thread that made it. Cancellation: none.
    boost::asio::awaitable<batch_item const*> next();

    /// As those of `batch`.
    void stop();
    void cancel();
    std::optional<strategy_choice> chosen() const;

private:
    using results = std::vector<batch_item>;
    struct exchange;
    class lane;
    struct delivery {
        std::shared_ptr<lane> from;
        std::unique_ptr<results> items;
    };

    enum class arrival { some, none, all };

    batch_item const* take();
    arrival look();

    std::shared_ptr<exchange> shared_;
    std::vector<std::shared_ptr<lane>> lanes_;
    delivery current_;     ///< what is being read
    std::size_t read_ = 0; ///< of it; the last one may stand at further positions
};

}
