#include "simulator/latency.hpp"

namespace allot::simulation {

std::chrono::microseconds latency::next(double load) {
    auto out = params_.base;
    auto const part = [](std::chrono::microseconds whole, double share) {
        return std::chrono::round<std::chrono::microseconds>(
            std::chrono::duration<double, std::micro>(static_cast<double>(whole.count()) * share));
    };
    if (load > params_.from && params_.loaded > params_.base)
        out += part(params_.loaded - params_.base, (load - params_.from) / (1 - params_.from));
    if (params_.jitter.count() != 0)
        out += part(params_.jitter, draws_.unit());
    return out;
}

}
