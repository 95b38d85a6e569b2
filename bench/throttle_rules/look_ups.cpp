#include "throttle_rules/look_ups.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <charconv>
#include <string_view>
#include <utility>

namespace bench {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

/// What the callers share.
struct shared_parts {
    run& of;
    std::shared_ptr<transport> over;
    std::unique_ptr<look_up_rule> rule;
};

asio::awaitable<void> call(std::shared_ptr<shared_parts> shared) {
    auto& rule = *shared->rule;
    while (auto const id = shared->of.next()) {
        attempts before;
        for (;;) {
            co_await rule.admit(before);
            auto const got = co_await shared->over->get(*id);
            auto const pause = rule.on_answer(clock::now(), got, before, shared->over->draw());
            if (!pause) {
                shared->of.ended(got.good);
                break;
            }
            ++before.retries;
            before.waited += *pause;
            co_await wait(shared->of.context, std::chrono::ceil<std::chrono::nanoseconds>(*pause));
        }
    }
}

asio::awaitable<void> start_callers(run& of, std::unique_ptr<look_up_rule> rule, std::size_t at_once) {
    auto over = co_await transport::make(of, at_once);
    std::shared_ptr<shared_parts> const shared(new shared_parts{of, std::move(over), std::move(rule)});
    for (std::size_t each = 0; each != at_once; ++each)
        asio::co_spawn(of.context, call(shared), asio::detached);
}

}

asio::awaitable<void> look_up_rule::admit(attempts const&) {
    co_return;
}

void start_look_ups(run& of, std::unique_ptr<look_up_rule> rule, std::size_t at_once) {
    asio::co_spawn(of.context, start_callers(of, std::move(rule), at_once), asio::detached);
}

std::optional<seconds_of> whole_seconds(std::string_view retry_after) {
    int value = 0;
    auto const end = retry_after.data() + retry_after.size();
    auto const [stop, problem] = std::from_chars(retry_after.data(), end, value);
    if (problem != std::errc() || stop != end)
        return std::nullopt;
    return seconds_of(value);
}

}
