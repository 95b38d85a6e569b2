#pragma once

#include <filesystem>

namespace allot {

/// A fresh folder below TMPDIR or /tmp that only this user can enter; removed with what is in it.
class temporary_folder {
public:
    /// Errors: `io_error`.
    temporary_folder();
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;
    ~temporary_folder();

    std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

}
