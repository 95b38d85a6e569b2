#pragma once

#include "io/context_life.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <vector>

namespace allot {

/// Hears that a wait for a token may be over.
class token_listener {
public:
    virtual ~token_listener() = default;
    /// Where `token_changed` is called.
    virtual boost::asio::any_io_executor const& listening_executor() const noexcept = 0;
    virtual void token_changed() = 0;
};

/// Listeners of any contexts, which may end at any time: one whose context ends is not called any more, and
/// what is done to the others is over before theirs ends.
/// Thread safety: distinct objects: safe; shared: unsafe.
class token_listeners {
public:
    /// To be called where the listener runs. Once is enough.
    void add(std::shared_ptr<token_listener> const& asking);

    /// Has each called on its executor, not inside this call, and forgets them. Thread safety: wherever the
    /// object is this thread's own, whichever threads the listeners run on.
    void call_all();

private:
    struct listener {
        std::shared_ptr<context_life> life;
        std::weak_ptr<token_listener> who;
    };

    std::vector<listener> all_;
};

}
