#pragma once

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/cancellation_type.hpp>

namespace allot {

/// A cancellation that comes while an operation is completing reaches no operation any more, so each wait
/// asks for it first.
inline bool is_cancelled(boost::asio::cancellation_state const& state) {
    return state.cancelled() != boost::asio::cancellation_type::none;
}

}
