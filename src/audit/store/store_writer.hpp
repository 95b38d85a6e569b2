#pragma once

#include "audit/store/audit_store.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace allot {

/// Commits rows in groups, on a thread of its own: as soon as `group` rows wait, or the first of fewer has
/// waited for `patience`. Above 10,000 rows a second groups are larger: a commit costs as much CPU as 40
/// rows. The store belongs to that thread until `stop`. Errors: of the store; they come out of the next call
/// of any member. Thread safety: shared: unsafe.
class store_writer {
public:
    static constexpr std::size_t group = 100;
    static constexpr std::size_t most_waiting = 5 * group; ///< not committed yet
    static constexpr std::chrono::milliseconds patience{250};
    static constexpr std::chrono::milliseconds least_interval{
        10}; ///< between groups below three times `group`

    /// A row, and the allotment it draws from under a number of the caller's.
    struct entry {
        stored_row row;
        std::uint64_t allotment = 0; ///< 0: none; a new number is one more than the newest before
        std::string allotment_json;  ///< with a new number only
    };

    /// Lifetimes: `store` outlives it.
    explicit store_writer(audit_store& store);

    /// Commits what waits, unless that failed.
    ~store_writer();

    store_writer(store_writer const&) = delete;
    store_writer& operator=(store_writer const&) = delete;

    void write(entry value);
    void add_sample(run_sample const& sample);

    /// False while `most_waiting` rows are not committed yet.
    bool has_room();

    /// Commits what waits and ends the thread.
    void stop();

private:
    using time_point = std::chrono::steady_clock::time_point;

    void work();
    void commit(std::vector<entry>& entries, std::optional<run_sample> const& sample);
    void remember(std::uint64_t number, std::int64_t key);
    bool is_due(time_point now) const;
    std::optional<time_point> next_look() const;
    void check();

    audit_store& store_;
    // Of the writer's thread alone:
    std::deque<std::int64_t> keys_; // of allotments, by their number
    std::uint64_t first_key_ = 0;
    std::vector<stored_row> rows_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<entry> waiting_;
    std::size_t committing_ = 0;
    std::optional<time_point> waiting_since_;
    time_point not_before_; ///< for the next group
    std::optional<run_sample> sample_;
    bool stopping_ = false;
    std::exception_ptr error_;
    std::thread thread_;
};

}
