#pragma once

#include <stdexcept>

namespace allot {

/// A store cannot be used: damaged, of a newer version, in use, on a disk that is full. The text names the
/// store, what is wrong and the way out.
class store_error : public std::runtime_error {
public:
    using runtime_error::runtime_error;
};

}
