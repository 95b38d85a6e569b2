#pragma once

namespace allot {

/// What the command answers to its caller. Ended by a signal, it is 128 + the signal's number.
enum exit_code : int {
    exit_good = 0,       ///< every row is good
    exit_error_rows = 1, ///< finished with error rows
    exit_different = 1,  ///< of `allot diff`: the stores differ
    exit_usage = 2,      ///< the command line or the input is not usable
    exit_denied = 3,     ///< authentication or permission
    exit_local_io = 4,   ///< a local file or stream
    exit_parked = 75,    ///< Graph asks for a longer wait than allowed: run again later (EX_TEMPFAIL)
};

}
