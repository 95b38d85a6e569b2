#include "protocol/answer_pace.hpp"

#include <algorithm>

namespace allot {

using std::chrono::milliseconds;

namespace {

std::string time_text(milliseconds time) {
    bool const whole = time.count() % 1000 == 0;
    return std::to_string(whole ? time.count() / 1000 : time.count()) + (whole ? " s" : " ms");
}

}

void answer_pace::on_bytes(time_point now, std::size_t size, bool fields_done) noexcept {
    last_bytes_ = now;
    if (!fields_done) {
        phase_ = phase::fields;
    } else if (phase_ != phase::body) {
        phase_ = phase::body;
        span_begin_ = now;
    } else {
        span_bytes_ += size;
    }
}

answer_pace::time_point answer_pace::next_check() const noexcept {
    switch (phase_) {
    case phase::waiting:
        return std::min(until_, header_until_);
    case phase::fields:
        return std::min({until_, header_until_, last_bytes_ + params_.read_timeout});
    case phase::body:
        break;
    }
    auto const silent_at = last_bytes_ + params_.read_timeout;
    return params_.least_rate == 0 ? std::min(until_, silent_at)
                                   : std::min({until_, silent_at, span_begin_ + params_.read_timeout});
}

bool answer_pace::enough() const noexcept {
    auto const span = static_cast<std::uint64_t>(params_.read_timeout.count());
    return span_bytes_ * 1000 >= params_.least_rate * span;
}

answer_pace::verdict answer_pace::judge(time_point now) noexcept {
    if (now >= until_)
        return verdict::late;
    if (phase_ != phase::body && now >= header_until_)
        return verdict::slow_fields;
    if (phase_ != phase::waiting && now >= last_bytes_ + params_.read_timeout)
        return verdict::silent;
    if (phase_ != phase::body || params_.least_rate == 0 || now < span_begin_ + params_.read_timeout)
        return verdict::good;
    if (!enough())
        return verdict::slow_body;
    span_begin_ = now;
    span_bytes_ = 0;
    return verdict::good;
}

answer_pace::verdict answer_pace::check(time_point now) noexcept {
    if (verdict_ == verdict::good)
        verdict_ = judge(now);
    return verdict_;
}

std::string answer_pace::reason() const {
    switch (verdict_) {
    case verdict::good:
    case verdict::late:
        break;
    case verdict::slow_fields:
        return "status line and fields took more than " + time_text(params_.header_timeout);
    case verdict::silent:
        return "nothing more came for " + time_text(params_.read_timeout);
    case verdict::slow_body:
        return "less than " + std::to_string(params_.least_rate) + " bytes per second over " +
               time_text(params_.read_timeout);
    }
    return "no end within the deadline";
}

}
