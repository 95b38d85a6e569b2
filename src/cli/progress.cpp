#include "cli/progress.hpp"

#include "audit/text.hpp"
#include "cli/duration.hpp"

#include <cmath>
#include <vector>

namespace allot {
namespace {

constexpr auto window = std::chrono::seconds(5);

std::string share(std::uint64_t done, std::uint64_t total) {
    auto const percent = total == 0 ? 100.0 : 100.0 * static_cast<double>(done) / static_cast<double>(total);
    return std::to_string(static_cast<int>(percent)) + '%';
}

std::vector<std::string> parts_of(progress_view const& view) {
    std::vector<std::string> parts;
    parts.push_back(with_separators(view.done));
    if (view.total)
        parts.back() += '/' + with_separators(*view.total) + ' ' + share(view.done, *view.total);
    if (view.held_for)
        parts.push_back("throttled, " + short_duration(*view.held_for) + " left");
    parts.push_back(
        with_separators(static_cast<std::uint64_t>(std::llround(view.rows_per_second))) + " rows/s");
    if (view.total && view.rows_per_second > 0) {
        auto const left = static_cast<double>(*view.total - view.done) / view.rows_per_second;
        // Beyond a year the figure means nothing.
        if (left < 365 * 86'400.0)
            parts.push_back("ETA " + short_duration(std::chrono::milliseconds(std::llround(left * 1'000))));
    }
    parts.push_back(with_separators(view.in_flight) + " in flight");
    parts.push_back(with_separators(view.retries) + " retries");
    return parts;
}

}

std::string progress_line(progress_view const& view, std::size_t width) {
    std::string line;
    for (auto const& part : parts_of(view)) {
        if (line.empty())
            line = part.substr(0, width);
        else if (line.size() + part.size() + 3 <= width)
            line += " | " + part;
        else
            break;
    }
    return line;
}

void progress_meter::sample(time_point now, std::uint64_t done) {
    samples_.emplace_back(now, done);
    while (samples_.size() > 2 && now - samples_[1].first >= window)
        samples_.pop_front();
}

double progress_meter::rows_per_second() const {
    if (samples_.size() < 2)
        return 0;
    auto const& [first_time, first_done] = samples_.front();
    auto const& [last_time, last_done] = samples_.back();
    auto const seconds = std::chrono::duration<double>(last_time - first_time).count();
    return seconds > 0 ? static_cast<double>(last_done - first_done) / seconds : 0;
}

}
