#pragma once

#include "base/lending_stack.hpp"
#include "base/uuid.hpp"
#include "io/client_token.hpp"
#include "io/connection_pool.hpp"
#include "io/deadline_queue.hpp"
#include "io/envelope_item.hpp"
#include "io/envelope_reading.hpp"
#include "io/live_stats.hpp"
#include "io/request_watch.hpp"
#include "io/retry_line.hpp"
#include "io/throttle_gate.hpp"
#include "json/decode.hpp"
#include "protocol/envelope.hpp"
#include "protocol/envelope_size.hpp"
#include "protocol/http_request.hpp"
#include "protocol/retry_state.hpp"

#include <allot/assignment_list.hpp>
#include <allot/assignment_ref.hpp>
#include <allot/params.hpp>
#include <allot/query.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace allot {

/// Everything a client shares between its requests, and the loop that takes one request to its result:
/// token, gate, connection, send, then decode or try again.
/// Thread safety: one strand.
class graph_exchange {
public:
    /// Errors: `errc::invalid_params`, naming the parameter.
    static result<std::unique_ptr<graph_exchange>>
    make(boost::asio::any_io_executor const& executor, client_params params);
    graph_exchange(graph_exchange const&) = delete;
    graph_exchange& operator=(graph_exchange const&) = delete;
    ~graph_exchange();

    /// `encoded_query` is `encode_query(options)`. `resumed`, where it is given, is an item that was in
    /// envelopes: its attempts go on. Begins with the call: to be awaited at once, in a coroutine that does
    /// not throw when cancelled. What becomes of it goes to `outcome`, which is empty before, so that it is
    /// not moved from frame to frame. Lifetimes: all but `encoded_query` until the end.
    /// Cancellation: all types. Errors: as `client::get_allotment`; `info` is filled in either case.
    boost::asio::awaitable<void> get_allotment(
        assignment_ref const& reference, query const& options, std::string_view encoded_query,
        exchange_info& info, std::optional<result<allotment>>& outcome, envelope_item* resumed = nullptr);

    /// The beginning of what `get_envelope` asks for. Lifetimes: `reference` until its result.
    envelope_item begin_item(std::uint64_t id, assignment_ref const& reference);

    /// Asks for the allotments of all `items` in one `$batch` call, once: each item has then ended, or says
    /// when and how it has to be sent again. Returns how the envelope was answered. Preconditions: two items
    /// at least, `most_in_envelope` at most, none of which has ended or a `most` below their number.
    /// Lifetimes: the arguments until the end. Cancellation: all types; all items have then ended.
    boost::asio::awaitable<envelope_verdict>
    get_envelope(std::span<envelope_item* const> items, query const& options, std::string_view encoded_query);

    /// The shortest time in which an answer to a request came; nothing before there was one.
    std::optional<std::chrono::nanoseconds> quickest_answer() const noexcept { return quickest_; }
    std::optional<double> max_rate() const noexcept { return params_.max_rate; }

    /// The retries of envelopes' items.
    retry_line& retries() noexcept { return retries_; }

    /// The page of a list that `target` stands for; it comes from `append_list_target` or `next_link_target`.
    /// Otherwise as `get_allotment`. Errors: as `assignment_pages::next`.
    boost::asio::awaitable<void> get_page(
        std::string target, query const& options, exchange_info& info,
        std::optional<result<assignment_page>>& outcome);

    /// Where requests go.
    origin const& where() const noexcept { return pool_.to().where(); }

    /// Ends background work and closes what is idle.
    void shut_down();

    /// To be called when no operation is under way: nothing then keeps the executor busy.
    void rest() { deadlines_.rest(); }

    /// Thread safety: safe.
    live_stats const& stats() const noexcept { return stats_; }

    /// Of the throttle gate. Thread safety: safe.
    shared_gate::figures gate_figures() const { return gate_->read(std::chrono::steady_clock::now()); }

private:
    using time_point = std::chrono::steady_clock::time_point;
    struct attempt;
    struct retrieval;
    using retrieval_ptr = lending_stack<retrieval>::loan;
    struct allotment_reading;
    struct page_reading;
    /// How a retrieval goes on.
    enum class course { answered, failed, again, wait };

    graph_exchange(
        boost::asio::any_io_executor const& executor, client_params params, endpoint to, std::string scope);

    template <class Reading>
    void set_up(retrieval& of, Reading const& reading, exchange_info& info, envelope_item* resumed);
    /// The loop. `Reading` says how large an answer may be, and makes a value of it.
    template <class Reading>
    boost::asio::awaitable<void> perform(retrieval_ptr of, Reading reading);
    /// Reads what an attempt has brought, and decides how to go on.
    template <class Reading>
    course decide(retrieval& of, Reading const& reading);
    void sum_up(retrieval& of);
    /// Always `failed`.
    course fail(retrieval& of, failure reason);
    /// False: it has failed.
    boost::asio::awaitable<bool> wait_for_retry(retrieval& of);
    /// Sends one request and takes its answer, or says why not; waits for what it needs.
    boost::asio::awaitable<void> run_attempt(attempt& current);
    /// Token, place in the gate and connection, where none has to be waited for.
    bool begin_now(attempt& current);
    /// The same where they have to; without a lease at the end: `failed` says why.
    boost::asio::awaitable<void> begin(attempt& current);
    connection::progress send(attempt& current);
    /// What has come, or why nothing has: that is in `failed`.
    void conclude(attempt& current);
    double draw();
    // Of envelopes.
    std::string_view write_envelope(attempt const& current);
    envelope_verdict take_parts(attempt& current, query const& options);
    envelope_verdict fail_all(attempt& current);
    void end_unsent(attempt& current);
    void read_part(attempt const& current, envelope_item& item, std::size_t index, query const& options);
    void leave_gate(attempt& current);
    void settle(attempt const& current, envelope_item& item, double drawn);
    void end(envelope_item& item, failure why);
    void publish();
    // With an observer only.
    void tell_of_start(attempt& current);
    void tell_of_end(attempt& current, response_reader const& answer, departure const& how);
    void tell_of_outcome(attempt const& current, retry_action const& action);

    boost::asio::any_io_executor executor_;
    client_params params_;
    deadline_queue deadlines_;
    connection_pool pool_;
    std::shared_ptr<throttle_gate> gate_;
    std::shared_ptr<client_token> token_;
    request_template requests_;
    request_template page_requests_;
    request_template envelope_requests_;
    envelope_writer envelopes_;
    std::unique_ptr<envelope_reading> parts_; ///< made with the first envelope
    retry_line retries_;
    request_watch watch_;
    allotment_decoder decoder_;
    random_engine random_;
    std::string request_bytes_;
    lending_stack<retrieval> retrievals_;
    live_stats stats_;
    std::optional<std::chrono::nanoseconds> quickest_;
};

}
