#include "base/fail_point.hpp"

#ifdef ALLOT_FAIL_POINTS

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

namespace allot {
namespace {

struct armed_point {
    std::string name;
    std::atomic<long> left{0};

    armed_point() {
        auto const* const value = std::getenv("ALLOT_FAIL_POINT");
        std::string_view const text(value == nullptr ? "" : value);
        auto const colon = text.rfind(':');
        if (colon == std::string_view::npos)
            return;
        name = text.substr(0, colon);
        left = std::atol(text.data() + colon + 1);
    }
};

}

void fail_point(char const* name) noexcept {
    static armed_point armed;
    if (armed.name == name && --armed.left == 0)
        std::raise(SIGKILL);
}

}

#endif
