#pragma once

#include <cstddef>

namespace bench {

/// What this process has of memory.
struct memory {
    double resident = 0; ///< bytes in RAM
    double heap = 0;     ///< bytes that malloc has given and not got back
};

memory memory_now();

/// What each of `connections` takes, as one line of JSON on stdout.
void print_memory_of_each(memory const& before, std::size_t connections);

}
