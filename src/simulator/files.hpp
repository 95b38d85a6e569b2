#pragma once

#include <string>
#include <string_view>

namespace allot::simulation {

/// A fresh folder only this user can enter, below TMPDIR or /tmp; removed with what is in it.
class private_directory {
public:
    /// Throws std::system_error.
    private_directory();
    ~private_directory();
    private_directory(private_directory const&) = delete;
    private_directory& operator=(private_directory const&) = delete;

    /// Writes a file in it, readable by this user only, and returns its path. Throws std::system_error.
    std::string write(std::string_view name, std::string_view text) const;

private:
    std::string path_;
};

/// All bytes of a file. Throws std::runtime_error that names it.
std::string read_file(std::string const& file);

/// Writes a file so that whoever looks sees it whole or not at all: under another name first, then renamed.
/// Throws std::system_error that names the file.
void write_atomically(std::string const& file, std::string_view text);

}
