#pragma once

#include <string>
#include <string_view>

namespace allot {

/// What colour says about a text; the text says it too, for those who see none.
enum class tone { plain, strong, quiet, good, careful, bad };

/// `text` in the colour of `how`, or as it is where there are to be no colours.
std::string painted(std::string_view text, tone how, bool colours);

}
