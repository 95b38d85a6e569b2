#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// Fills the front of the span and says how many bytes it gave; 0 at the end of the input. May throw.
using chunk_source = std::function<std::size_t(std::span<char>)>;

/// One line of an input, without its line end (LF or CRLF).
struct input_line {
    std::uint64_t number = 0; ///< from 1
    std::string_view text;    ///< valid until the next line is read; only the front of an overlong line
    bool overlong = false;    ///< longer than `line_reader::max_length`
};

/// Cuts an input into lines in bounded memory: of a line that is too long only the front is kept.
/// A UTF-8 byte order mark at the start is dropped.
/// Thread safety: distinct objects: safe; shared: unsafe.
class line_reader {
public:
    static constexpr std::size_t max_length = 65'536; ///< bytes in a line, its end not counted

    explicit line_reader(chunk_source source);

    /// The first bytes of the input (up to 64 KiB) without reading past them, byte order mark included.
    /// Preconditions: no line was read yet.
    std::string_view first_block();

    /// The next line, or nothing at the end. Errors: what the source throws.
    std::optional<input_line> next();

private:
    bool fill();

    chunk_source source_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::string line_; // a line that spans buffers
    std::uint64_t number_ = 0;
    bool ended_ = false;
};

}
