#include "io/credential_key.hpp"
#include "io/shared_gate.hpp"

#include <map>
#include <string>
#include <utility>

namespace allot {
namespace {

/// Never destroyed: clients of static life may outlive any static object of ours.
struct gate_registry {
    struct entry {
        std::weak_ptr<token_credential> credential;
        std::shared_ptr<shared_gate> gate;
    };

    std::mutex mutex;
    std::map<std::string, entry> gates;

    static gate_registry& instance() {
        static auto* const only = new gate_registry;
        return *only;
    }
};

bool is_same(std::weak_ptr<token_credential> const& a, std::shared_ptr<token_credential> const& b) {
    return !a.owner_before(b) && !b.owner_before(a);
}

}

std::shared_ptr<shared_gate>
shared_gate::of(std::shared_ptr<token_credential> const& credential, std::string_view host) {
    auto const named = credential->throttle_key();
    auto key = key_or_object(named, *credential);
    key.append("\n").append(host);
    auto const now = std::chrono::steady_clock::now();
    auto& all = gate_registry::instance();
    std::lock_guard const lock(all.mutex);
    std::erase_if(all.gates, [now](auto const& each) {
        // A gate that others hold is in use, or just about to be.
        return each.second.gate.use_count() == 1 && !each.second.gate->worth_keeping(now);
    });
    auto& known = all.gates[std::move(key)];
    // Another object may have got the address of one that is gone.
    bool const stranger = named.empty() && !is_same(known.credential, credential);
    if (!known.gate || stranger)
        known = {credential, std::make_shared<shared_gate>()};
    return known.gate;
}

bool shared_gate::worth_keeping(time_point now) const {
    std::lock_guard const lock(mutex_);
    return state_.held_until(now) || now < kept_until_;
}

}
