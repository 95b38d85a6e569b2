#include "audit/store/store_writer.hpp"

#include "audit/store/store_error.hpp"
#include "base/blocked_signals.hpp"

#include <algorithm>
#include <utility>

namespace allot {
namespace {

using clock = std::chrono::steady_clock;

/// More than `allotment_numbers` knows and a queue can hold.
constexpr std::size_t most_keys = 16'384;

}

store_writer::store_writer(audit_store& store) : store_(store) {
    blocked_signals const blocked;
    thread_ = std::thread([this] { work(); });
}

store_writer::~store_writer() {
    try {
        stop();
    } catch (...) { // who did not ask for the error before does not want it
    }
}

void store_writer::check() {
    if (error_)
        std::rethrow_exception(error_);
}

void store_writer::write(entry value) {
    std::lock_guard const lock(mutex_);
    check();
    waiting_.push_back(std::move(value));
    if (!waiting_since_)
        waiting_since_ = clock::now();
    if (waiting_.size() == 1 || waiting_.size() == group || waiting_.size() == 3 * group)
        changed_.notify_one();
}

void store_writer::add_sample(run_sample const& sample) {
    std::lock_guard const lock(mutex_);
    check();
    sample_ = sample;
    changed_.notify_one();
}

bool store_writer::has_room() {
    std::lock_guard const lock(mutex_);
    check();
    return waiting_.size() + committing_ < most_waiting;
}

void store_writer::stop() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable())
        thread_.join();
    check();
}

bool store_writer::is_due(time_point now) const {
    if (stopping_ || sample_ || waiting_.size() >= 3 * group)
        return true;
    bool const full = waiting_.size() >= group && now >= not_before_;
    return full || (waiting_since_ && now >= *waiting_since_ + patience);
}

std::optional<store_writer::time_point> store_writer::next_look() const {
    if (!waiting_since_)
        return std::nullopt;
    auto const at = *waiting_since_ + patience;
    return waiting_.size() >= group ? std::min(at, not_before_) : at;
}

void store_writer::work() {
    std::vector<entry> entries;
    std::unique_lock lock(mutex_);
    for (;;) {
        while (!is_due(clock::now())) {
            if (auto const at = next_look())
                changed_.wait_until(lock, *at);
            else
                changed_.wait(lock);
        }
        if (waiting_.empty() && !sample_)
            return;
        entries.swap(waiting_);
        committing_ = entries.size();
        waiting_since_.reset();
        not_before_ = clock::now() + least_interval;
        auto const sample = std::exchange(sample_, std::nullopt);
        lock.unlock();
        std::exception_ptr error;
        try {
            commit(entries, sample);
        } catch (...) {
            error = std::current_exception();
        }
        entries.clear();
        lock.lock();
        committing_ = 0;
        error_ = error;
        if (error_)
            return;
    }
}

void store_writer::commit(std::vector<entry>& entries, std::optional<run_sample> const& sample) {
    rows_.clear();
    for (auto& each : entries) {
        if (!each.allotment_json.empty())
            remember(each.allotment, store_.store_allotment(each.allotment_json));
        if (each.allotment != 0)
            each.row.allotment_key = keys_.at(each.allotment - first_key_);
        rows_.push_back(std::move(each.row));
    }
    if (!rows_.empty())
        store_.write(rows_);
    if (sample)
        store_.add_sample(*sample);
}

// Numbers come in order, and old ones not again.
void store_writer::remember(std::uint64_t number, std::int64_t key) {
    if (keys_.empty())
        first_key_ = number;
    keys_.push_back(key);
    if (keys_.size() > most_keys) {
        keys_.pop_front();
        ++first_key_;
    }
}

}
