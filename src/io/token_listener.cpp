#include "io/token_listener.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace allot {
namespace asio = boost::asio;

void token_listeners::add(std::shared_ptr<token_listener> const& asking) {
    auto const is_same = [&asking](listener const& each) {
        return !each.who.owner_before(asking) && !asking.owner_before(each.who);
    };
    if (std::any_of(all_.begin(), all_.end(), is_same))
        return;
    all_.push_back({context_life::of(asking->listening_executor().context()), asking});
}

void token_listeners::call_all() {
    for (auto const& each : std::exchange(all_, {}))
        // All that refers to the context is done in here, the last reference to the listener included.
        each.life->while_there([&each] {
            auto who = each.who.lock();
            if (!who)
                return;
            auto const executor = who->listening_executor();
            asio::post(executor, [who = std::move(who)] { who->token_changed(); });
        });
}

}
