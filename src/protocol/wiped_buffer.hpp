#pragma once

#include <cstddef>
#include <memory>

namespace allot {

/// Memory for bytes of answers, which may hold a token: wiped when it is given back. Grows by doubling.
/// Thread safety: distinct objects: safe; shared: unsafe.
class wiped_buffer {
public:
    wiped_buffer() = default;
    wiped_buffer(wiped_buffer const&) = delete;
    wiped_buffer& operator=(wiped_buffer const&) = delete;
    ~wiped_buffer() { wipe(); }

    char* data() const noexcept { return memory_.get(); }
    std::size_t capacity() const noexcept { return capacity_; }

    /// Doubles the capacity, up to `most`, and keeps the first `used` bytes. Moves the data.
    /// Preconditions: `used` <= capacity < `most`.
    void grow(std::size_t used, std::size_t most = std::size_t(-1));

    /// Gives memory back that only a large answer needed: a pool of connections would keep as many.
    void trim() noexcept;

private:
    void wipe() noexcept;

    std::unique_ptr<char[]> memory_;
    std::size_t capacity_ = 0;
};

}
