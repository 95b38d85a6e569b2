#include "peers/idle.hpp"

#include <fstream>
#include <iostream>
#include <malloc.h>
#include <unistd.h>

namespace bench {

memory memory_now() {
    std::ifstream statm("/proc/self/statm");
    double total = 0;
    double resident = 0;
    statm >> total >> resident;
    auto const heap = mallinfo2();
    return {
        resident * static_cast<double>(sysconf(_SC_PAGESIZE)),
        static_cast<double>(heap.uordblks + heap.hblkhd)};
}

void print_memory_of_each(memory const& before, std::size_t connections) {
    auto const now = memory_now();
    auto const number = static_cast<double>(connections);
    std::cout << "{\"connections\":" << connections
              << ",\"resident\":" << (now.resident - before.resident) / number
              << ",\"heap\":" << (now.heap - before.heap) / number << "}\n";
}

}
