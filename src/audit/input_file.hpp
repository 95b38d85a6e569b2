#pragma once

#include "audit/line_reader.hpp"
#include "base/file_descriptor.hpp"

#include <string>

namespace allot {

/// The file an audit reads, or standard input for "-".
/// Thread safety: distinct objects: safe; shared: unsafe.
class input_file {
public:
    /// Errors: `input_error` when the path names no file that can be read as text (missing, directory);
    /// `io_error` when the system refuses to open it.
    explicit input_file(std::string const& path);

    /// For messages: the path, or "standard input".
    std::string const& name() const noexcept { return name_; }

    bool is_terminal() const noexcept;

    /// True when `path` names the same file, also by another name.
    bool is_same_file(std::string const& path) const;

    /// Gives the file's bytes. Lifetimes: this object outlives the source. Errors of a call: `io_error`.
    chunk_source source() const;

private:
    int descriptor() const noexcept;

    file_descriptor file_; // -1 for standard input
    std::string name_;
};

}
