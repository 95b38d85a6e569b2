#pragma once

#include <stdexcept>

namespace allot {

/// The command line or the environment asks for something that cannot be done. The text names the option, the
/// rule and the way out.
class usage_error : public std::runtime_error {
public:
    using runtime_error::runtime_error;
};

}
