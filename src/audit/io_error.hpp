#pragma once

#include <stdexcept>
#include <string>

namespace allot {

/// A local file or stream could not be read or written. The text names it and the system's reason.
class io_error : public std::runtime_error {
public:
    /// "WHAT NAME: reason of `error_number`".
    io_error(std::string const& what, std::string const& name, int error_number);

    /// Nobody reads the output any more (EPIPE): the way `allot audit ... | head` ends.
    bool broken_pipe() const noexcept { return broken_pipe_; }

private:
    bool broken_pipe_;
};

}
