#pragma once

#include "client/client_impl.hpp"
#include "client/envelope_desk.hpp"
#include "io/parking_spot.hpp"
#include "protocol/batch_state.hpp"

#include <allot/batch.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace allot {

/// Runs one batch: workers on the client's strand fetch, one reader anywhere takes.
/// What they share is `state_`, under `mutex_`, which is never held across a wait.
class batch_impl : public std::enable_shared_from_this<batch_impl> {
public:
    batch_impl(
        std::shared_ptr<client_impl> client, reference_source source, query options,
        batch_params const& params);

    void start();
    static boost::asio::awaitable<std::optional<batch_item>> next(std::shared_ptr<batch_impl> self);
    void stop();
    void cancel();
    std::optional<strategy_choice> chosen() const;

private:
    struct worker {
        explicit worker(boost::asio::any_io_executor const& executor) : spot(executor) {}
        parking_spot spot;
        bool in_line = false; ///< for room; under `mutex_`
        boost::asio::cancellation_signal cancelled;
    };
    enum class turn { fetch, wait, joined, end };
    struct job {
        batch_state::fetch_id fetch = 0;
        assignment_ref const* reference = nullptr;
        std::uint64_t position = 0;
        batch_state::place* place = nullptr;
    };

    static boost::asio::awaitable<void> work(std::shared_ptr<batch_impl> self, std::size_t index);
    turn take_turn(std::size_t index, job& next);
    /// The next reference, if there is room for so many; else the worker gets in line if it is to wait.
    turn take_new(std::size_t index, std::size_t wanted, bool to_wait, job& next);
    turn add_generated(job& next);
    turn add_listed(job& next);
    /// Under `mutex_`.
    job job_of(batch_state::fetch_id added);
    void complete(batch_state::fetch_id fetch, result<allotment>&& outcome, exchange_info&& info);
    /// With what is in its place.
    void complete(batch_state::fetch_id fetch);
    void end_input();

    // In envelopes.
    static boost::asio::awaitable<void>
    work_in_envelopes(std::shared_ptr<batch_impl> self, std::size_t index);
    turn gather(std::size_t index, envelope_load& next);
    void gather_new(std::size_t index, std::size_t size, envelope_load& next, turn& outcome);
    turn hand_over();
    void give_back(envelope_load const& load);
    void decide();
    void give_up(std::vector<envelope_queue::entry> const& entries, failure const& why);

    /// A result, or the end.
    bool has_next() const;
    std::optional<batch_item> take_next();
    boost::asio::awaitable<bool> wait_for_result();
    void wake_reader();
    std::vector<batch_state::worker_id> workers_to_wake();
    void wake_workers(std::vector<batch_state::worker_id> const& ids);

    std::shared_ptr<client_impl> client_;
    query options_;
    std::string encoded_query_;
    std::optional<failure> query_problem_;
    std::vector<assignment_ref> references_;
    std::optional<duplicate_chain> duplicates_;
    std::size_t next_reference_ = 0;
    std::function<std::optional<assignment_ref>()> generator_;
    std::optional<std::uint64_t> count_; ///< of references, where it is known
    std::deque<worker> workers_;
    std::optional<envelope_desk> desk_; ///< where references go out in envelopes; on the strand

    mutable std::mutex mutex_;
    batch_state state_;
    /// The reader's wait, on its own executor; never ends by itself. Touched under `mutex_` only.
    std::optional<boost::asio::steady_timer> reader_;
    bool reader_waits_ = false;
    std::optional<strategy_choice> chosen_;
};

}
