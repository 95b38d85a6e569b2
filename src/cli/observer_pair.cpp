#include "cli/observer_pair.hpp"

#include <utility>

namespace allot {
namespace {

class observer_pair final : public observer {
public:
    observer_pair(std::shared_ptr<observer> first, std::shared_ptr<observer> second) :
        first_(std::move(first)),
        second_(std::move(second)) {}

    void on_request_started(request_started const& event) noexcept override {
        tell(&observer::on_request_started, event);
    }
    void on_request_finished(request_finished const& event) noexcept override {
        tell(&observer::on_request_finished, event);
    }
    void on_request_retried(request_retried const& event) noexcept override {
        tell(&observer::on_request_retried, event);
    }
    void on_gate_held(gate_held const& event) noexcept override { tell(&observer::on_gate_held, event); }
    void on_gate_released(gate_released const& event) noexcept override {
        tell(&observer::on_gate_released, event);
    }
    void on_connection_opened(connection_opened const& event) noexcept override {
        tell(&observer::on_connection_opened, event);
    }
    void on_connection_failed(connection_failed const& event) noexcept override {
        tell(&observer::on_connection_failed, event);
    }
    void on_connection_closed(connection_closed const& event) noexcept override {
        tell(&observer::on_connection_closed, event);
    }
    void on_token_taken(token_taken const& event) noexcept override {
        tell(&observer::on_token_taken, event);
    }

private:
    template <class Event>
    void tell(void (observer::*function)(Event const&) noexcept, Event const& event) noexcept {
        (first_.get()->*function)(event);
        (second_.get()->*function)(event);
    }

    std::shared_ptr<observer> first_;
    std::shared_ptr<observer> second_;
};

}

std::shared_ptr<observer> both(std::shared_ptr<observer> first, std::shared_ptr<observer> second) {
    if (!first || !second)
        return first ? std::move(first) : std::move(second);
    return std::make_shared<observer_pair>(std::move(first), std::move(second));
}

}
