#include "io/context_life.hpp"

namespace allot {
namespace asio = boost::asio;

/// Asio shuts services down in the reverse order of their making, so this one before the scheduler.
class context_life::watch final : public asio::execution_context::service {
public:
    using key_type = watch;

    explicit watch(asio::execution_context& of) : service(of) {}
    std::shared_ptr<context_life> const& life() const noexcept { return life_; }

private:
    void shutdown() override {
        std::lock_guard const lock(life_->mutex_);
        life_->over_ = true;
    }

    std::shared_ptr<context_life> const life_ = std::make_shared<context_life>();
};

std::shared_ptr<context_life> context_life::of(asio::execution_context& context) {
    return asio::use_service<watch>(context).life();
}

}
