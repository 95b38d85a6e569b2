#include "cli/app.hpp"
#include "cli/process.hpp"

int main(int argc, char** argv) {
    allot::harden_process();
    return allot::run_command_line(argc, argv);
}
