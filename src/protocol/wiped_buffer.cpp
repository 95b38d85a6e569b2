#include "protocol/wiped_buffer.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string.h>
#include <utility>

namespace allot {
namespace {

constexpr std::size_t first_capacity = 8 * 1024;
constexpr std::size_t kept_capacity = 64 * 1024;

}

void wiped_buffer::grow(std::size_t used, std::size_t most) {
    assert(used <= capacity_ && capacity_ < most);
    auto const capacity = std::min(most, std::max(first_capacity, capacity_ * 2));
    std::unique_ptr<char[]> memory(new char[capacity]);
    if (used != 0)
        std::memcpy(memory.get(), memory_.get(), used);
    wipe();
    memory_ = std::move(memory);
    capacity_ = capacity;
}

void wiped_buffer::trim() noexcept {
    if (capacity_ <= kept_capacity)
        return;
    wipe();
    memory_.reset();
    capacity_ = 0;
}

void wiped_buffer::wipe() noexcept {
    if (memory_)
        explicit_bzero(memory_.get(), capacity_);
}

}
