#include "simulator/retry_after.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <utility>

namespace allot::simulation {
namespace {

using written_as = retry_after_form;

constexpr std::pair<std::string_view, written_as> form_names[] = {
    {"seconds", written_as::seconds},   {"fraction", written_as::fraction},
    {"date", written_as::date},         {"rfc850", written_as::rfc850},
    {"asctime", written_as::asctime},   {"two_fields", written_as::two_fields},
    {"negative", written_as::negative}, {"exponent", written_as::exponent},
    {"overlong", written_as::overlong}, {"words", written_as::words},
    {"empty", written_as::empty},       {"past_date", written_as::past_date},
    {"absent", written_as::absent}};

/// A date in the form that strftime's pattern says; the names are English, as no locale is set.
std::string formatted(std::chrono::system_clock::time_point at, char const* pattern) {
    auto const seconds = std::chrono::system_clock::to_time_t(at);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[64];
    return {text, std::strftime(text, sizeof text, pattern, &parts)};
}

std::string decimal(std::chrono::nanoseconds rest) {
    auto const milliseconds = std::chrono::ceil<std::chrono::milliseconds>(rest).count();
    char text[48];
    std::snprintf(
        text, sizeof text, "%lld.%03lld", static_cast<long long>(milliseconds / 1000),
        static_cast<long long>(milliseconds % 1000));
    return text;
}

}

std::optional<retry_after_form> parse_retry_after_form(std::string_view name) noexcept {
    for (auto const& [each, value] : form_names)
        if (each == name)
            return value;
    return std::nullopt;
}

std::string_view retry_after_form_names() noexcept {
    return "seconds, fraction, date, rfc850, asctime, two_fields, negative, exponent, overlong, words, "
           "empty, "
           "past_date or absent";
}

void set_retry_after(
    std::vector<field>& fields, std::chrono::nanoseconds rest, retry_after_form as, instant now) {
    constexpr std::string_view name = "Retry-After";
    remove_field(fields, name);
    auto const add = [&fields, name](std::string value) {
        fields.push_back({std::string(name), std::move(value)});
    };
    auto const whole = std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(rest));
    auto const seconds = std::to_string(whole.count());
    // Not before the end also for who takes Date, which has no fractions, for the begin.
    auto const end = std::chrono::ceil<std::chrono::seconds>(
        now.wall + std::chrono::ceil<std::chrono::microseconds>(rest));
    switch (as) {
    case written_as::seconds:
        return add(seconds);
    case written_as::fraction:
        return add(decimal(rest));
    case written_as::date:
        return add(http_date(end));
    case written_as::rfc850:
        return add(formatted(end, "%A, %d-%b-%y %H:%M:%S GMT"));
    case written_as::asctime:
        return add(formatted(end, "%a %b %e %H:%M:%S %Y"));
    case written_as::two_fields:
        add("1");
        return add(seconds);
    case written_as::negative:
        return add('-' + seconds);
    case written_as::exponent:
        return add(seconds + "e0");
    case written_as::overlong:
        return add(std::string(40, '9'));
    case written_as::words:
        return add("later");
    case written_as::empty:
        return add("");
    case written_as::past_date:
        return add(http_date(now.wall - std::chrono::minutes(1)));
    case written_as::absent:
        return;
    }
}

}
