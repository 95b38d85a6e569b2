#pragma once

#include "simulator/message.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace allot::simulation {

/// Cuts a stream of bytes into requests.
/// Thread safety: distinct objects: safe; shared: unsafe.
class request_reader {
public:
    enum class state {
        incomplete,
        complete,
        malformed, ///< not HTTP/1.1, no single Host, or beyond the limits: head 64 KiB, body 1 MiB
    };

    request_reader();
    ~request_reader();

    /// Adds bytes as they came.
    void append(std::string_view bytes) { bytes_ += bytes; }
    /// Reads on; when complete, `current` is the request until the next call.
    state next();
    request const& current() const noexcept;

private:
    struct parser;
    std::string bytes_;
    std::unique_ptr<parser> parser_;
    bool begun_ = false;
};

}
