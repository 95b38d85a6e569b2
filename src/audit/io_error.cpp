#include "audit/io_error.hpp"

#include "audit/text.hpp"

#include <cerrno>
#include <system_error>

namespace allot {

io_error::io_error(std::string const& what, std::string const& name, int error_number) :
    runtime_error(
        what + " " + terminal_safe(name) + ": " + std::generic_category().message(error_number) +
        (error_number == EFBIG ? " (file-size limit)" : "")),
    broken_pipe_(error_number == EPIPE) {}

}
