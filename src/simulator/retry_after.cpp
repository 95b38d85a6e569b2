#include "simulator/retry_after.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <utility>

namespace allot::simulation {
namespace {

using form = retry_after_form;

constexpr std::pair<std::string_view, form> form_names[] = {
    {"seconds", form::seconds},   {"fraction", form::fraction}, {"date", form::date},
    {"rfc850", form::rfc850},     {"asctime", form::asctime},   {"two_fields", form::two_fields},
    {"negative", form::negative}, {"exponent", form::exponent}, {"overlong", form::overlong},
    {"words", form::words},       {"empty", form::empty},       {"past_date", form::past_date},
    {"absent", form::absent}};

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
    case form::seconds:
        return add(seconds);
    case form::fraction:
        return add(decimal(rest));
    case form::date:
        return add(http_date(end));
    case form::rfc850:
        return add(formatted(end, "%A, %d-%b-%y %H:%M:%S GMT"));
    case form::asctime:
        return add(formatted(end, "%a %b %e %H:%M:%S %Y"));
    case form::two_fields:
        add("1");
        return add(seconds);
    case form::negative:
        return add('-' + seconds);
    case form::exponent:
        return add(seconds + "e0");
    case form::overlong:
        return add(std::string(40, '9'));
    case form::words:
        return add("later");
    case form::empty:
        return add("");
    case form::past_date:
        return add(http_date(now.wall - std::chrono::minutes(1)));
    case form::absent:
        return;
    }
}

}
