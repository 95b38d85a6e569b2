// The library with up to 20 allotments in one `$batch` call.
#include "peers/library_run.hpp"

int main(int argc, char** argv) {
    bench::run_library(argc, argv, allot::batch_params().strategy(allot::batch_strategy::batch), 20'000);
}
