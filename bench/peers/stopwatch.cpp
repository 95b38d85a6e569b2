#include "peers/stopwatch.hpp"

#include <iostream>

namespace bench {
namespace {

double seconds_of(timeval const& value) {
    return static_cast<double>(value.tv_sec) + static_cast<double>(value.tv_usec) / 1e6;
}

}

stopwatch::stopwatch(job const& of) : warm_up_(of.warm_up), seconds_(of.seconds), begin_(take()) {}

void stopwatch::look() {
    auto const now = clock::now();
    if (phase_ == phase::warm_up && now - begin_.at >= warm_up_) {
        phase_ = phase::counting;
        begin_ = take();
    } else if (phase_ == phase::counting && now - begin_.at >= seconds_) {
        phase_ = phase::over;
        end_ = take();
    }
}

stopwatch::reading stopwatch::take() const {
    reading made;
    made.at = clock::now();
    made.answers = answers_;
    getrusage(RUSAGE_SELF, &made.used);
    return made;
}

void stopwatch::print() const {
    if (!over())
        give_up("it ended before its time was over");
    std::cout << "{\"answers\":" << end_.answers - begin_.answers
              << ",\"seconds\":" << std::chrono::duration<double>(end_.at - begin_.at).count()
              << ",\"user_s\":" << seconds_of(end_.used.ru_utime) - seconds_of(begin_.used.ru_utime)
              << ",\"system_s\":" << seconds_of(end_.used.ru_stime) - seconds_of(begin_.used.ru_stime)
              << "}\n";
}

}
