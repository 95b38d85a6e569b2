#include "io/token_listener.hpp"

#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

namespace allot {
namespace asio = boost::asio;

struct token_listeners::context_life {
    std::mutex mutex;
    bool over = false;
};

/// Learns that its context ends, before anything of it is gone.
class token_listeners::context_watch final : public asio::execution_context::service {
public:
    using key_type = context_watch;
    static asio::execution_context::id id;

    explicit context_watch(asio::execution_context& of) : service(of) {}
    std::shared_ptr<context_life> const& life() const noexcept { return life_; }

private:
    void shutdown() override {
        std::lock_guard const lock(life_->mutex);
        life_->over = true;
    }

    std::shared_ptr<context_life> const life_ = std::make_shared<context_life>();
};

asio::execution_context::id token_listeners::context_watch::id;

void token_listeners::add(std::shared_ptr<token_listener> const& asking) {
    auto const is_same = [&asking](listener const& each) {
        return !each.who.owner_before(asking) && !asking.owner_before(each.who);
    };
    if (std::any_of(all_.begin(), all_.end(), is_same))
        return;
    auto& context = asking->listening_executor().context();
    all_.push_back({asio::use_service<context_watch>(context).life(), asking});
}

void token_listeners::call_all() {
    for (auto const& each : std::exchange(all_, {})) {
        // Held until all that refers to the context is done, the last reference to the listener included.
        std::lock_guard const lock(each.life->mutex);
        if (each.life->over)
            continue;
        auto who = each.who.lock();
        if (!who)
            continue;
        auto const executor = who->listening_executor();
        asio::post(executor, [who = std::move(who)] { who->token_changed(); });
    }
}

}
