#pragma once

#include "simulator/message.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace allot::simulation {

/// Cuts a stream of bytes into requests. Of one it keeps 64 KiB of head, as much again of a chunk's line or
/// of trailers, and 1 MiB of body. Thread safety: distinct objects: safe; shared: unsafe.
class request_reader {
public:
    enum class state {
        incomplete,
        complete,
        malformed, ///< not HTTP/1.1, no single Host, another coding than chunked, or beyond the limits
    };

    request_reader();
    ~request_reader();

    /// Adds bytes as they came.
    void append(std::string_view bytes) { bytes_ += bytes; }
    /// Reads on; when complete, `current` is the request until the next call.
    state next();
    /// Whether the client waits for "100 Continue" before it sends the body of an incomplete request (RFC
    /// 9110 section 10.1.1). True once for a request.
    bool take_continue() noexcept;
    request const& current() const noexcept;

private:
    struct parser;
    std::string bytes_;
    std::unique_ptr<parser> parser_;
    bool begun_ = false;
};

}
