#pragma once

#include <unistd.h>
#include <utility>

namespace allot {

/// Owns a file descriptor and closes it; -1 owns nothing.
class file_descriptor {
public:
    explicit file_descriptor(int value = -1) noexcept : value_(value) {}
    file_descriptor(file_descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    file_descriptor& operator=(file_descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~file_descriptor() {
        if (value_ != -1)
            ::close(value_);
    }

    int get() const noexcept { return value_; }
    int release() noexcept { return std::exchange(value_, -1); }

private:
    int value_;
};

}
