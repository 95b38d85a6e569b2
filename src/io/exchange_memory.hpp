#pragma once

#include "base/lending_stack.hpp"
#include "io/tls_engine.hpp"
#include "protocol/http_response.hpp"

#include <cstddef>

namespace allot {

/// What the connections of one strand need only while bytes move, and lend each other.
/// Lifetimes: outlives the connections. Thread safety: one strand.
struct exchange_memory {
    /// `connections`: the most there are. Two engines of one that goes through a proxy by TLS have bytes at
    /// once.
    explicit exchange_memory(std::size_t connections) : tls(2 * connections), answers(connections) {}

    lending_stack<tls_buffers> tls;
    lending_stack<response_reader> answers;
};

}
