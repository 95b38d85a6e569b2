#include "io/lookup_service.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr char const* check_servers =
    "; check the network and this machine's name servers (/etc/resolv.conf)";
constexpr char const* check_name = "; check the name, and that this machine's name servers know it";

failure lookup_failure(std::string const& host, std::string const& why, boost::system::error_code cause) {
    failure made;
    made.code = cause == asio::error::operation_aborted ? errc::cancelled : errc::resolve_failed;
    made.cause = cause;
    made.message = "looking up " + host + ": " + why;
    return made;
}

lookup_answer numeric(std::string const& host) {
    lookup_answer made;
    boost::system::error_code error;
    auto const address = asio::ip::make_address(host, error);
    if (!error)
        made.addresses =
            std::make_shared<std::vector<network_address> const>(1, network_address{address.to_string()});
    return made;
}

/// Threads started meanwhile take no signals: those are for the threads of the program.
class signals_blocked {
public:
    signals_blocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    signals_blocked(signals_blocked const&) = delete;
    signals_blocked& operator=(signals_blocked const&) = delete;
    ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_;
};

}

/// Takes a waiter out of the line when its coroutine ends, also by destruction.
class lookup_service::stay {
public:
    stay(lookup_service& in, std::string const& host, std::shared_ptr<lookup_waiter> const& waiter) :
        in_(in),
        host_(host),
        waiter_(waiter) {}
    stay(stay const&) = delete;
    stay& operator=(stay const&) = delete;
    ~stay() {
        waiter_->leave();
        std::lock_guard const lock(in_.mutex_);
        auto const [first, last] = in_.waiters_.equal_range(host_);
        for (auto each = first; each != last; ++each)
            if (each->second == waiter_) {
                in_.waiters_.erase(each);
                break;
            }
    }

private:
    lookup_service& in_;
    std::string const& host_;
    std::shared_ptr<lookup_waiter> const& waiter_;
};

lookup_service::lookup_service(resolve_function resolve, lookup_params const& params) :
    resolve_(std::move(resolve)),
    state_(params) {}

std::shared_ptr<lookup_service> lookup_service::make(resolve_function resolve, lookup_params const& params) {
    return std::shared_ptr<lookup_service>(new lookup_service(std::move(resolve), params));
}

std::shared_ptr<lookup_service> const& lookup_service::shared() {
    // Never destroyed: a look-up that hangs may still come to its end while the process goes.
    static auto const& one = *new std::shared_ptr<lookup_service>(make(resolve_by_system));
    return one;
}

lookup_decision lookup_service::ask(std::string const& host, std::shared_ptr<lookup_waiter> const& waiter) {
    std::lock_guard const lock(mutex_);
    auto decision = state_.ask(clock::now(), host);
    if (decision.step == lookup_step::start || decision.step == lookup_step::join)
        waiters_.emplace(host, waiter);
    return decision;
}

void lookup_service::start(std::string const& host, std::uint64_t lookup) {
    auto work = [self = shared_from_this(), host, lookup] {
        resolution found;
        try {
            found = self->resolve_(host);
        } catch (std::exception const&) {
            found.error = asio::error::no_memory;
        }
        self->finish(host, lookup, std::move(found));
    };
    try {
        signals_blocked const meanwhile;
        std::thread(std::move(work)).detach();
    } catch (std::system_error const& problem) {
        finish(host, lookup, {{}, boost::system::error_code(problem.code())});
    }
}

void lookup_service::finish(std::string const& host, std::uint64_t lookup, resolution found) {
    std::lock_guard const lock(mutex_);
    lookup_end how;
    if (found.error) {
        auto const setback = state_.failed(clock::now(), host, lookup, is_no_such_name(found.error));
        if (!setback.concerns_waiters)
            return;
        how.answer = setback.answer;
        how.error = found.error;
    } else {
        how.answer = state_.found(clock::now(), host, lookup, std::move(found.addresses));
    }
    auto const [first, last] = waiters_.equal_range(host);
    for (auto each = first; each != last; ++each)
        each->second->end(how);
    waiters_.erase(first, last);
}

void lookup_service::distrust(std::string const& host, lookup_answer const& answer) {
    std::lock_guard const lock(mutex_);
    state_.distrust(host, answer.version);
}

failure lookup_service::refusal(std::string const& host) {
    std::lock_guard const lock(mutex_);
    auto const names = state_.hung(clock::now());
    return lookup_failure(
        host, "not begun, because earlier look-ups of " + names + " hang" + check_servers,
        asio::error::try_again);
}

result<lookup_answer> lookup_service::overdue(std::string const& host, time_point until) {
    std::lock_guard const lock(mutex_);
    auto const now = clock::now();
    if (now < until)
        if (auto old = state_.stale(now, host))
            return old;
    return lookup_failure(
        host, std::string("no answer within the deadline") + check_servers, asio::error::timed_out);
}

asio::awaitable<result<lookup_answer>>
lookup_service::look_up(asio::any_io_executor executor, std::string host, time_point until) {
    auto const itself = numeric(host);
    if (itself)
        co_return itself;
    auto const keeps = shared_from_this();
    auto const waiter = lookup_waiter::make(executor);
    stay const here(*this, host, waiter);
    auto const decision = ask(host, waiter);
    switch (decision.step) {
    case lookup_step::use:
        co_return decision.answer;
    case lookup_step::refuse:
        co_return refusal(host);
    case lookup_step::start:
        start(host, decision.lookup);
        break;
    case lookup_step::join:
        break;
    }
    auto const outcome = co_await waiter->wait(std::min(until, decision.stale_at));
    auto const ended = waiter->ended();
    if (ended && ended->answer)
        co_return ended->answer;
    if (ended)
        co_return lookup_failure(
            host, ended->error.message() + (is_no_such_name(ended->error) ? check_name : check_servers),
            ended->error);
    if (outcome == parking_spot::outcome::cancelled)
        co_return lookup_failure(host, "cancelled", asio::error::operation_aborted);
    co_return overdue(host, until);
}

}
