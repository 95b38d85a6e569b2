#pragma once

#include <allot/credential_settings.hpp>

namespace allot {

/// What may be sent to where the command says things.
struct terminal_look {
    bool is_terminal = false;
    bool redraws = false; ///< the cursor goes back to the front of the line and the rest can be erased
    bool colours = false; ///< and NO_COLOR (no-color.org) does not ask for none
    bool utf8 = false;    ///< the locale is in UTF-8
};

/// The look that the environment gives a terminal; one that names itself "dumb" or not at all gets plain
/// lines.
terminal_look look_of(bool is_terminal, environment const& lookup);

}
