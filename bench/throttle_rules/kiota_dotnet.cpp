// microsoft/kiota-dotnet, src/http/httpClient/Middleware/RetryHandler.cs and Options/RetryHandlerOption.cs:
// each request for itself. 3 retries of 429, 503 and 504. A whole Retry-After, or 3 s where it is something
// else; without one 3 s, doubling, no jitter; 180 s at most. Its date form is left out: the simulator here
// sends seconds.
#include "throttle_rules/look_ups.hpp"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

constexpr unsigned most_dotnet_retries = 3;
constexpr seconds_of delay{3};
constexpr seconds_of most_delay{180};

class kiota_dotnet final : public look_up_rule {
public:
    std::optional<seconds_of>
    on_answer(time_point, answer const& got, attempts const& before, double) override {
        bool const retried = got.status == 429 || got.status == 503 || got.status == 504;
        if (!retried || before.retries == most_dotnet_retries)
            return std::nullopt;
        if (got.retry_after.empty())
            return std::min(delay * std::ldexp(1.0, static_cast<int>(before.retries)), most_delay);
        return std::min(whole_seconds(got.retry_after).value_or(delay), most_delay);
    }
};

}

void start_kiota_dotnet(run& of) {
    start_look_ups(of, std::make_unique<kiota_dotnet>());
}

}
