#pragma once

#include "base/uuid.hpp"
#include "io/connection_pool.hpp"
#include "io/deadline_queue.hpp"
#include "json/decode.hpp"
#include "protocol/http_request.hpp"
#include "throttle_rules/run.hpp"

#include <allot/credential.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace bench {

/// What a peer's rules see of an answer.
struct answer {
    int status = 0; ///< 0: none came
    std::string retry_after{};
    bool good = false;  ///< an allotment, read as allot reads it
    std::string body{}; ///< of a batch
};

/// Allot's connections, TLS and HTTP with nothing of its gate and retries: one request, one answer.
/// Thread safety: one thread.
class transport {
public:
    /// Logs in; ends the program where that fails.
    static boost::asio::awaitable<std::shared_ptr<transport>> make(run& of, std::size_t connections);

    boost::asio::awaitable<answer> get(std::string_view id);
    boost::asio::awaitable<answer> post_batch(std::string_view body);

    /// A random number in [0, 1).
    double draw();

private:
    transport(run& of, allot::endpoint to, std::size_t connections);

    allot::deadline_queue deadlines_;
    allot::connection_pool pool_;
    allot::request_template requests_;
    std::string token_;
    allot::allotment_decoder decoder_;
    allot::random_engine random_;
    std::string bytes_; ///< of the request that is being sent
};

/// Waits so long.
boost::asio::awaitable<void> wait(boost::asio::io_context& context, std::chrono::nanoseconds time);

}
