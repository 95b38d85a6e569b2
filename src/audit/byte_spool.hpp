#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace allot {

/// Bytes in the order they came: the first of them in memory, the others in a temporary file that has no name
/// and ends with the process. Thread safety: distinct objects: safe; shared: unsafe.
/// Errors of all members: `io_error`.
class byte_spool {
public:
    explicit byte_spool(std::size_t most_in_memory) : most_in_memory_(most_in_memory) {}

    void append(std::string_view bytes);

    /// The next `read` begins with the first byte. After it nothing is appended.
    void rewind();

    /// Exactly so many. Preconditions: they are there.
    void read(char* room, std::size_t size);

private:
    struct closer {
        void operator()(std::FILE* value) const noexcept { std::fclose(value); }
    };

    void open();

    std::size_t most_in_memory_;
    std::string head_;
    std::size_t head_read_ = 0;
    std::string name_; ///< that the file had, for messages
    std::unique_ptr<std::FILE, closer> file_;
};

}
