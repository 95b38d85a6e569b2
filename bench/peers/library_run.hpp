#pragma once

#include <allot/batch.hpp>

#include <cstddef>

namespace bench {

/// The library as its users call it: a batch over a generator, each item taken with next(). Equal references
/// under way at once would share a fetch, so there are `id_count` different ones, more than are.
void run_library(int argc, char** argv, allot::batch_params how, std::size_t id_count);

}
