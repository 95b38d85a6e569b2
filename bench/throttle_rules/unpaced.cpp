// No rules: all at once, and each answer is final. What a small job is measured against.
#include "throttle_rules/look_ups.hpp"

namespace bench {
namespace {

class unpaced final : public look_up_rule {
public:
    std::optional<seconds_of> on_answer(time_point, answer const&, attempts const&, double) override {
        return std::nullopt;
    }
};

}

void start_unpaced(run& of) {
    start_look_ups(of, std::make_unique<unpaced>());
}

}
