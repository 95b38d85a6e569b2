#include "simulator/throttle.hpp"

#include <algorithm>

namespace allot::simulation {

throttle::verdict throttle::arrive(time_point now) {
    refill(now);
    if (block_ && now >= block_->until)
        block_.reset();
    verdict out;
    if (block_) {
        out.refused = true;
        out.early = now > block_->began + params_.grace;
        if (out.early)
            block_->until = now + params_.retry_after;
    } else if (tokens_ >= 1) {
        tokens_ -= 1;
    } else {
        out.refused = true;
        block_ = block{now, now + params_.retry_after};
    }
    if (out.refused)
        out.retry_after =
            std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(block_->until - now));
    return out;
}

void throttle::refill(time_point now) {
    if (filled_) {
        std::chrono::duration<double> const passed = now - *filled_;
        tokens_ = std::min(params_.burst, tokens_ + passed.count() * params_.per_second);
    }
    filled_ = now;
}

}
