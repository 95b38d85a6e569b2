#pragma once

#include "io/child_process.hpp"

#include <allot/secret.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace allot {

/// A program to run for what it writes.
class subprocess_call {
public:
    subprocess_call(std::vector<std::string> command, std::chrono::steady_clock::time_point until) :
        arguments(std::move(command)),
        deadline(until) {}

    std::vector<std::string> arguments; ///< as of `child_process::start`
    std::chrono::steady_clock::time_point deadline;
    std::vector<std::string> without; ///< environment variables that are not passed on
};

struct subprocess_result {
    enum class end {
        finished,
        not_started, ///< or not to be watched; see `cause`
        timed_out,
        output_too_large,
        cancelled,
    };
    end how = end::not_started;
    child_status status;      ///< when finished
    secret output;            ///< what it wrote to its standard output, when finished; 1 MiB at most
    std::string error_output; ///< the first 64 KiB of what it wrote to its standard error
    error_code cause;         ///< when not started
};

/// Runs a program until it ends; what it left running then goes on. In any other case it is killed, and all
/// of its process group. Takes no signal handler and no thread.
/// Preconditions: `call.arguments` is not empty.
/// Cancellation: all types.
boost::asio::awaitable<subprocess_result> run_program(subprocess_call call);

}
