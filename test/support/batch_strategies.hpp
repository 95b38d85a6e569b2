#pragma once

#include <allot/batch.hpp>

#include <ostream>

namespace allot {

/// For Boost.Test.
inline std::ostream& boost_test_print_type(std::ostream& out, batch_strategy value) {
    return out << to_string(value);
}

namespace test {

/// Each gives the same results.
inline constexpr batch_strategy strategies[] = {batch_strategy::get, batch_strategy::batch};

inline batch_params by(batch_strategy strategy) {
    return batch_params().strategy(strategy);
}

}
}
