#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// How much room text takes on a terminal. Preconditions everywhere: the text went through `terminal_safe`.
/// Thread safety: free functions without state.
namespace allot {

/// Columns that `text` takes: two for East Asian wide characters and pictographs, none for combining marks.
std::size_t columns(std::string_view text) noexcept;

/// At most `most` columns of `text`, cut between characters and marked with "..." when something is missing
/// (with fewer dots where there is no room for them).
std::string cut_to_columns(std::string_view text, std::size_t most);

/// `text` with blanks behind it up to `width` columns.
std::string pad_right(std::string text, std::size_t width);

/// `text` with blanks before it up to `width` columns.
std::string pad_left(std::string text, std::size_t width);

/// `text` with line ends in place of blanks, so that lines have at most `width` columns where no word is
/// longer. Each line begins with `indent` blanks; the last has a line end too.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

}
