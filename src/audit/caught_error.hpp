#pragma once

#include <exception>
#include <mutex>
#include <optional>
#include <utility>

namespace allot {

/// Keeps what a source of references throws, which may not throw, for whoever asks it later.
/// Thread safety: safe.
class caught_error {
public:
    /// What `next` gives; nothing where it throws.
    template <class Next>
    auto guard(Next const& next) -> decltype(next()) {
        try {
            return next();
        } catch (...) {
            std::lock_guard const lock(mutex_);
            error_ = std::current_exception();
            return std::nullopt;
        }
    }

    void rethrow() {
        std::lock_guard const lock(mutex_);
        if (error_)
            std::rethrow_exception(error_);
    }

private:
    std::mutex mutex_;
    std::exception_ptr error_;
};

}
