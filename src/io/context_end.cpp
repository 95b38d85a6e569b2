#include "io/context_end.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace allot {
namespace asio = boost::asio;

namespace {

/// Asio shuts services down in the reverse order of their making, so this one before the scheduler.
class guest_book final : public asio::execution_context::service {
public:
    using key_type = guest_book;

    explicit guest_book(asio::execution_context& context) : asio::execution_context::service(context) {}

    void add(std::weak_ptr<context_guest> guest) {
        std::lock_guard const lock(mutex_);
        std::erase_if(guests_, [](auto const& each) { return each.expired(); });
        guests_.push_back(std::move(guest));
    }

private:
    void shutdown() override {
        std::unique_lock lock(mutex_);
        auto const told = std::exchange(guests_, {});
        lock.unlock();
        for (auto const& each : told)
            if (auto const guest = each.lock())
                guest->context_ends();
    }

    std::mutex mutex_;
    std::vector<std::weak_ptr<context_guest>> guests_;
};

}

void tell_of_end(asio::execution_context& context, std::weak_ptr<context_guest> guest) {
    asio::use_service<guest_book>(context).add(std::move(guest));
}

}
