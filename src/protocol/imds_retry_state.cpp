#include "protocol/imds_retry_state.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace allot {
namespace {

using namespace std::chrono;

constexpr int updating = 410;

bool imds_can_pass(attempt_report const& report) {
    if (report.transport)
        return transport_can_pass(report.transport);
    return report.status == 404 || report.status == updating || report.status == 429 || report.status >= 500;
}

}

imds_retry_state::imds_retry_state(imds_retry_params params, time_point deadline) :
    params_(std::move(params)),
    deadline_(deadline) {
    assert(!params_.delays.empty());
}

retry_action imds_retry_state::on_attempt(time_point now, attempt_report const& report) {
    ++attempts_;
    if (!imds_can_pass(report))
        return {.step = retry_step::done, .at = now};
    bool const updates = !report.transport && report.status == updating;
    if (updates && !back_by_)
        back_by_ = now + params_.update_time;

    auto const hint = report.retry_after.value_or(milliseconds(0));
    bool const in_table = attempts_ <= params_.delays.size();
    bool const goes_on = in_table || (updates && now < *back_by_);
    retry_action const give_up{.step = retry_step::give_up, .at = now, .reason = end_reason::attempts};
    if (!goes_on || hint > params_.max_delay)
        return give_up;

    auto delay =
        std::min(params_.max_delay, in_table ? params_.delays[attempts_ - 1] : params_.delays.back());
    if (!report.transport && report.status >= 500)
        delay = std::max(delay, params_.server_error_delay);
    auto at = now + delay;
    if (!in_table)
        at = std::min(at, *back_by_);
    at = std::max(at, now + hint);
    if (at >= deadline_)
        return give_up;
    return {.step = retry_step::wait, .at = at};
}

}
