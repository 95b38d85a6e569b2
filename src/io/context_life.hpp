#pragma once

#include <boost/asio/execution_context.hpp>

#include <memory>
#include <mutex>

namespace allot {

/// Whether an execution context is still there, for threads that are not its own: Asio destroys what is
/// queued there without a lock, so a thread that posts meanwhile would race with it. Outlives the context.
/// Thread safety: safe.
class context_life {
public:
    /// That of `context`, while it is there.
    static std::shared_ptr<context_life> of(boost::asio::execution_context& context);

    /// Calls `use` unless the context's end has begun; it does not begin before `use` has returned.
    template <class Use>
    void while_there(Use const& use) {
        std::lock_guard const lock(mutex_);
        if (!over_)
            use();
    }

private:
    class watch;

    std::mutex mutex_;
    bool over_ = false;
};

}
