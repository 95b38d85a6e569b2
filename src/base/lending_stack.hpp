#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace allot {

/// Objects that many need now and then and none for long: whoever comes next gets the one that was used last,
/// which is still in the processor's cache. With one for each user, a thousand of them walk through memory
/// that no cache holds. What `Value` has as `on_returned` (noexcept) is called when it comes back.
/// Lifetimes: outlives what it lent. Thread safety: one strand.
template <class Value>
class lending_stack {
public:
    struct give_back {
        lending_stack* owner;
        void operator()(Value* ended) const noexcept { owner->take_back(std::unique_ptr<Value>(ended)); }
    };
    using loan = std::unique_ptr<Value, give_back>;

    /// At most `most` are kept that nobody has.
    explicit lending_stack(std::size_t most) { free_.reserve(most); }
    lending_stack(lending_stack const&) = delete;
    lending_stack& operator=(lending_stack const&) = delete;

    /// As its last user left it, or a new one.
    loan lend() {
        if (free_.empty())
            return loan(new Value(), give_back{this});
        auto last = std::move(free_.back());
        free_.pop_back();
        return loan(last.release(), give_back{this});
    }

private:
    void take_back(std::unique_ptr<Value> ended) noexcept {
        if constexpr (requires { ended->on_returned(); })
            ended->on_returned();
        // Nothing is allocated here: there is room for the most.
        if (free_.size() != free_.capacity())
            free_.push_back(std::move(ended));
    }

    std::vector<std::unique_ptr<Value>> free_;
};

}
