#pragma once

#include "io/lookup_service.hpp"

#include <boost/asio/error.hpp>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace allot::test {

/// Answers the look-ups of a `lookup_service`: each name by its list of answers, the last one again and
/// again; names without one do not exist. Those that are held do not come back before they are let go.
/// Thread safety: safe.
class scripted_resolver {
public:
    scripted_resolver() : state_(std::make_shared<state>()) {}
    scripted_resolver(scripted_resolver const&) = delete;
    scripted_resolver& operator=(scripted_resolver const&) = delete;
    ~scripted_resolver() { let_go(); }

    std::shared_ptr<lookup_service> serve(lookup_params const& params = lookup_params()) const {
        return lookup_service::make(
            [of = state_](std::string const& host) { return of->resolve(host); }, params);
    }

    void answer_in_turn(std::string const& host, std::vector<resolution> answers) {
        std::lock_guard const lock(state_->mutex);
        state_->answers[host] = std::move(answers);
    }
    void answer(std::string const& host, std::vector<std::string> const& addresses) {
        answer_in_turn(host, {to(addresses)});
    }
    static resolution to(std::vector<std::string> const& addresses) {
        resolution made;
        for (auto const& each : addresses)
            made.addresses.push_back({each});
        return made;
    }
    static resolution failing(boost::system::error_code error) { return {{}, error}; }

    /// Look-ups of the name hang from now on.
    void hold(std::string const& host) {
        std::lock_guard const lock(state_->mutex);
        state_->held.insert(host);
    }
    void let_go() {
        std::lock_guard const lock(state_->mutex);
        state_->held.clear();
        state_->changed.notify_all();
    }

    std::size_t calls(std::string const& host) const {
        std::lock_guard const lock(state_->mutex);
        return state_->calls[host];
    }
    /// Waits until so many look-ups of the name have begun.
    void wait_for_calls(std::string const& host, std::size_t count) const {
        std::unique_lock lock(state_->mutex);
        state_->changed.wait(lock, [&] { return state_->calls[host] >= count; });
    }

private:
    struct state {
        std::mutex mutex;
        std::condition_variable changed;
        std::map<std::string, std::vector<resolution>> answers;
        std::set<std::string> held;
        std::map<std::string, std::size_t> calls;

        resolution resolve(std::string const& host) {
            std::unique_lock lock(mutex);
            ++calls[host];
            changed.notify_all();
            changed.wait(lock, [&] { return held.count(host) == 0; });
            auto& list = answers[host];
            if (list.empty())
                return failing(boost::asio::error::host_not_found);
            auto made = list.front();
            if (list.size() > 1)
                list.erase(list.begin());
            return made;
        }
    };

    std::shared_ptr<state> state_;
};

}
