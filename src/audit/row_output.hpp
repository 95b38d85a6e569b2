#pragma once

#include "base/file_descriptor.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace allot {

/// What the file is called that takes the name of `path` when it is complete.
std::string partial_name(std::string const& path);

/// Where the rows of an audit go: standard output or a named file. A named file comes into being complete:
/// rows are written to FILE.partial, which takes FILE's name in `finish`. Where FILE is something other than
/// a regular file (a device, a pipe) it is written to directly. Rows are buffered. A pipe or terminal takes
/// what it has room for; only while the buffer is full is it waited for, a second at a time, so that a slow
/// reader holds the run back and a signal still gets through. Errors of all members: `io_error`. Thread
/// safety: shared: unsafe.
class row_output {
public:
    /// `path` "-" is standard output.
    explicit row_output(std::string const& path);

    void append(std::string_view row);

    /// Writes what is buffered, as far as that works at once.
    void flush();

    /// Flushes, and says whether less than 1 MiB still waits for a slow reader.
    bool has_room();

    /// Writes what is buffered, and waits for a slow reader to take it.
    void write_out();

    /// Writes all rows, makes sure that a file is stored, and gives it its name; that is stored too. Waits
    /// for a slow reader.
    void finish();

    /// Writes the rows of a run that ends early. A reader that takes nothing for ten seconds is an error.
    void leave();

    /// Removes what was written of a named file: for rows that can be had again.
    void discard() noexcept;

    bool is_terminal() const noexcept { return is_terminal_; }

    /// The file that the rows are in once they are complete; empty for what is not a regular file.
    std::string file_path() const { return is_regular_ && file_.get() != -1 ? path_ : std::string(); }

    /// The name of the file that a run leaves behind when it ends early; empty when there is none.
    std::string const& partial_path() const noexcept { return partial_path_; }

private:
    int descriptor() const noexcept;
    void open_file(std::string const& path);
    void drain(int patience_ms);
    bool wait_for_room(int timeout_ms);
    void write_some(std::size_t at_most);
    std::size_t buffered() const noexcept { return buffer_.size() - written_; }

    std::string path_;
    std::string partial_path_;
    file_descriptor file_; // -1 for standard output
    std::string buffer_;
    std::size_t written_ = 0; // of the buffer
    bool is_regular_ = false;
    bool is_terminal_ = false;
};

}
