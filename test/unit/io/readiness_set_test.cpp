#include "base/file_descriptor.hpp"
#include "io/readiness_set.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <sys/socket.h>

namespace allot::test {
namespace {

namespace asio = boost::asio;
using direction = readiness_set::direction;

/// Two connected sockets, one of them in a set.
struct watched_pair {
    explicit watched_pair(std::shared_ptr<readiness_set> of) : set(std::move(of)) {
        int made[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, made) == 0);
        watched = file_descriptor(made[0]);
        other = file_descriptor(made[1]);
        BOOST_REQUIRE(!set->add(place, watched.get()));
    }
    watched_pair(watched_pair const&) = delete;
    watched_pair& operator=(watched_pair const&) = delete;
    ~watched_pair() { set->remove(place, watched.get()); }

    void send() const { BOOST_REQUIRE(::send(other.get(), "x", 1, 0) == 1); }

    std::shared_ptr<readiness_set> set;
    file_descriptor watched;
    file_descriptor other;
    readiness_set::place place;
};

/// What a wait came to.
asio::awaitable<void> wait(watched_pair& on, direction what, std::optional<bool>& told) {
    told = co_await on.set->wait(on.place, what);
}

struct in_set {
    asio::io_context context;
    std::shared_ptr<readiness_set> set = readiness_set::make(context.get_executor());
};

}

BOOST_FIXTURE_TEST_SUITE(readiness, in_set)

BOOST_AUTO_TEST_CASE(a_waiter_is_told_once_something_has_come) {
    watched_pair pair(set);
    std::optional<bool> told;
    asio::co_spawn(context, wait(pair, direction::read, told), asio::detached);
    context.poll();
    BOOST_TEST(!told.has_value());
    pair.send();
    context.run();
    BOOST_TEST((told == true));
    BOOST_TEST(pair.place.take(direction::read));
    BOOST_TEST(!pair.place.take(direction::read));
}

BOOST_AUTO_TEST_CASE(what_came_before_the_wait_is_told_too) {
    watched_pair pair(set);
    pair.send();
    std::optional<bool> told;
    asio::co_spawn(context, wait(pair, direction::read, told), asio::detached);
    context.run();
    BOOST_TEST((told == true));
}

BOOST_AUTO_TEST_CASE(an_end_of_the_stream_wakes_both_directions) {
    watched_pair pair(set);
    std::optional<bool> told;
    asio::co_spawn(context, wait(pair, direction::read, told), asio::detached);
    context.poll();
    pair.other = file_descriptor();
    context.run();
    BOOST_TEST((told == true));
    BOOST_TEST(pair.place.take(direction::read));
    BOOST_TEST(pair.place.take(direction::write));
}

BOOST_AUTO_TEST_CASE(an_end_right_behind_the_last_bytes_is_not_missed) {
    watched_pair pair(set);
    std::optional<bool> told;
    asio::co_spawn(context, wait(pair, direction::read, told), asio::detached);
    context.poll();
    pair.send();
    pair.other = file_descriptor();
    context.run();
    BOOST_TEST((told == true));
    // The bytes, then the end, and again.
    for (int read = 0; read != 3; ++read)
        BOOST_TEST(pair.place.take(direction::read));
    set->remove(pair.place, pair.watched.get());
    BOOST_REQUIRE(!set->add(pair.place, pair.watched.get()));
    BOOST_TEST(!pair.place.take(direction::read));
}

BOOST_AUTO_TEST_CASE(all_that_are_ready_are_told_in_one_turn) {
    std::deque<watched_pair> pairs;
    std::deque<std::optional<bool>> told(10);
    for (auto& each : told) {
        auto& pair = pairs.emplace_back(set);
        asio::co_spawn(context, wait(pair, direction::read, each), asio::detached);
    }
    context.poll();
    for (auto const& each : pairs)
        each.send();
    while (!told.front())
        context.run_one();
    for (auto const& each : told)
        BOOST_TEST((each == true));
    context.run();
}

BOOST_AUTO_TEST_CASE(a_waiter_that_is_cancelled_leaves_nothing_to_run) {
    watched_pair pair(set);
    std::optional<bool> told;
    asio::cancellation_signal cancel;
    asio::co_spawn(
        context, wait(pair, direction::read, told),
        asio::bind_cancellation_slot(cancel.slot(), asio::detached));
    context.poll();
    cancel.emit(asio::cancellation_type::terminal);
    BOOST_TEST(!told.has_value());
    context.run();
    BOOST_TEST(context.stopped());
    // A terminal cancellation ends the coroutine where it resumes.
    pair.send();
    std::optional<bool> again;
    context.restart();
    asio::co_spawn(context, wait(pair, direction::read, again), asio::detached);
    context.run();
    BOOST_TEST((again == true));
}

BOOST_AUTO_TEST_CASE(a_waiter_of_a_removed_socket_is_told_false_later) {
    watched_pair pair(set);
    std::optional<bool> told;
    asio::co_spawn(context, wait(pair, direction::read, told), asio::detached);
    context.poll();
    set->remove(pair.place, pair.watched.get());
    BOOST_TEST(!told.has_value());
    context.run();
    BOOST_TEST((told == false));
    BOOST_REQUIRE(!set->add(pair.place, pair.watched.get()));
}

BOOST_AUTO_TEST_CASE(a_socket_can_be_removed_while_it_is_about_to_be_told) {
    watched_pair first(set);
    watched_pair second(set);
    std::optional<bool> told;
    // Whichever is served first removes the other one.
    auto remove_other = [](watched_pair& mine, watched_pair& other,
                           std::optional<bool>& last) -> asio::awaitable<void> {
        bool const ready = co_await mine.set->wait(mine.place, direction::read);
        last = ready;
        mine.set->remove(other.place, other.watched.get());
    };
    asio::co_spawn(context, remove_other(first, second, told), asio::detached);
    asio::co_spawn(context, remove_other(second, first, told), asio::detached);
    context.poll();
    first.send();
    second.send();
    while (!told)
        context.run_one();
    BOOST_TEST((told == true));
    context.run();
    BOOST_TEST((told == false));
    BOOST_REQUIRE(
        !set->add(first.place, first.watched.get()) || !set->add(second.place, second.watched.get()));
}

BOOST_AUTO_TEST_CASE(one_that_throws_does_not_silence_the_others) {
    watched_pair first(set);
    watched_pair second(set);
    std::optional<bool> told;
    auto rethrow = [](std::exception_ptr problem) {
        if (problem)
            std::rethrow_exception(problem);
    };
    auto fail = [](watched_pair& on) -> asio::awaitable<void> {
        co_await on.set->wait(on.place, direction::read);
        throw std::runtime_error("as a test does");
    };
    asio::co_spawn(context, fail(first), rethrow);
    asio::co_spawn(context, wait(second, direction::read, told), asio::detached);
    context.poll();
    first.send();
    second.send();
    BOOST_CHECK_THROW(context.run(), std::runtime_error);
    context.run();
    BOOST_TEST((told == true));
}

BOOST_AUTO_TEST_CASE(a_waiter_goes_with_its_context) {
    auto hold = [](std::shared_ptr<watched_pair> pair) -> asio::awaitable<void> {
        co_await pair->set->wait(pair->place, direction::read);
    };
    auto own = std::make_unique<asio::io_context>();
    auto pair = std::make_shared<watched_pair>(readiness_set::make(own->get_executor()));
    std::weak_ptr<watched_pair> const held = pair;
    asio::co_spawn(*own, hold(std::move(pair)), asio::detached);
    own->poll();
    BOOST_TEST(!held.expired());
    own.reset();
    BOOST_TEST(held.expired());
}

BOOST_AUTO_TEST_SUITE_END()

}
