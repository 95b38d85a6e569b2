#pragma once

#include <boost/asio/execution_context.hpp>

#include <memory>

namespace allot {

/// Somebody whom other threads call on an execution context.
class context_guest {
public:
    virtual ~context_guest() = default;
    /// The context is being destroyed: from the end of this call on, nothing may be posted to it. Asio
    /// destroys what is queued without a lock, so a thread that posts meanwhile would race with it.
    virtual void context_ends() = 0;
};

/// Has `guest` told when the context ends, before anything that is queued there is destroyed; not if it is
/// gone by then. Thread safety: safe.
void tell_of_end(boost::asio::execution_context& context, std::weak_ptr<context_guest> guest);

}
