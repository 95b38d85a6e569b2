// microsoft/kiota-http-go, retry_handler.go: each request for itself. 3 retries of 429, 503 and 504, none
// once 180 s have been waited. Retry-After as it is, its fraction cut off; else 3 s, doubling, and up to a
// second of jitter. Its date form is left out: the simulator here sends seconds.
#include "throttle_rules/look_ups.hpp"

#include <charconv>
#include <cmath>

namespace bench {
namespace {

constexpr unsigned most_retries = 3;
constexpr double first_delay = 3;
constexpr seconds_of most_waited{180};

class kiota_go final : public look_up_rule {
public:
    std::optional<seconds_of>
    on_answer(time_point, answer const& got, attempts const& before, double draw) override {
        bool const retried = got.status == 429 || got.status == 503 || got.status == 504;
        if (!retried || before.retries == most_retries || before.waited >= most_waited)
            return std::nullopt;
        double said = 0;
        auto const begin = got.retry_after.data();
        if (std::from_chars(begin, begin + got.retry_after.size(), said).ec == std::errc())
            return seconds_of(std::floor(said));
        return seconds_of(std::ldexp(first_delay, static_cast<int>(before.retries)) + draw);
    }
};

}

void start_kiota_go(run& of) {
    start_look_ups(of, std::make_unique<kiota_go>());
}

}
