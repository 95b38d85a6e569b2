// The library with a request for each allotment.
#include "peers/library_run.hpp"

int main(int argc, char** argv) {
    bench::run_library(argc, argv, allot::batch_params().strategy(allot::batch_strategy::get), 1'000);
}
