#include "protocol/envelope_size.hpp"

#include <algorithm>

namespace allot {

void envelope_size::on_answer(std::size_t requests, envelope_verdict how) noexcept {
    if (requests != size_ || how == envelope_verdict::neutral)
        return;
    if (how == envelope_verdict::bad) {
        good_ = 0;
        // A request of its own that fails is not too large.
        if (size_ == 1)
            return;
        size_ /= 2;
        patience_ = std::min(patience_ * 2, most_patience);
        return;
    }
    if (size_ == most_ || ++good_ < patience_)
        return;
    good_ = 0;
    size_ = std::min(most_, size_ + std::max<std::size_t>(size_ / 2, 1));
    if (size_ == most_)
        patience_ = std::max(patience_ / 2, first_patience);
}

}
