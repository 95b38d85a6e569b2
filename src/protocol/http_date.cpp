#include "protocol/http_date.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace allot {
namespace {

using namespace std::chrono;
using std::string_view;

constexpr std::array<string_view, 7> short_days = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<string_view, 7> long_days = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                  "Friday", "Saturday", "Sunday"};
constexpr std::array<string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct date_fields {
    int year = 0;
    unsigned month = 0; // from 1
    unsigned day = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
};

year_month_day date_of(date_fields const& fields) {
    return year{fields.year} / month{fields.month} / day{fields.day};
}

sys_seconds instant_of(date_fields const& fields) {
    return sys_days{date_of(fields)} + hours{fields.hour} + minutes{fields.minute} + seconds{fields.second};
}

// Reads from the front of a text. The first thing that is not there makes the whole text unreadable, so that
// a form is a plain list of its parts.
class scanner {
public:
    explicit scanner(string_view text) : text_(text) {}

    void literal(string_view expected) {
        if (text_.starts_with(expected))
            text_.remove_prefix(expected.size());
        else
            fail();
    }

    unsigned digits(std::size_t count) {
        if (text_.size() < count) {
            fail();
            return 0;
        }
        unsigned value = 0;
        for (char const c : text_.substr(0, count)) {
            if (c < '0' || c > '9') {
                fail();
                return 0;
            }
            value = value * 10 + static_cast<unsigned>(c - '0');
        }
        text_.remove_prefix(count);
        return value;
    }

    unsigned day_padded_with_space() {
        if (!text_.starts_with(' '))
            return digits(2);
        literal(" ");
        return digits(1);
    }

    void weekday(std::span<string_view const> names) { name(names); }
    unsigned month() { return name(months) + 1; }

    void time(date_fields& fields) {
        fields.hour = digits(2);
        literal(":");
        fields.minute = digits(2);
        literal(":");
        fields.second = digits(2);
    }

    bool complete() const { return !failed_ && text_.empty(); }

private:
    unsigned name(std::span<string_view const> names) {
        for (unsigned at = 0; at != names.size(); ++at) {
            if (text_.starts_with(names[at])) {
                text_.remove_prefix(names[at].size());
                return at;
            }
        }
        fail();
        return 0;
    }

    void fail() {
        failed_ = true;
        text_ = {};
    }

    string_view text_;
    bool failed_ = false;
};

// Sun, 06 Nov 1994 08:49:37 GMT
std::optional<date_fields> imf_fixdate(string_view text) {
    scanner in(text);
    date_fields fields;
    in.weekday(short_days);
    in.literal(", ");
    fields.day = in.digits(2);
    in.literal(" ");
    fields.month = in.month();
    in.literal(" ");
    fields.year = static_cast<int>(in.digits(4));
    in.literal(" ");
    in.time(fields);
    in.literal(" GMT");
    return in.complete() ? std::optional(fields) : std::nullopt;
}

// Sunday, 06-Nov-94 08:49:37 GMT
std::optional<date_fields> rfc850_date(string_view text, sys_seconds now) {
    scanner in(text);
    date_fields fields;
    in.weekday(long_days);
    in.literal(", ");
    fields.day = in.digits(2);
    in.literal("-");
    fields.month = in.month();
    in.literal("-");
    fields.year = static_cast<int>(in.digits(2));
    in.literal(" ");
    in.time(fields);
    in.literal(" GMT");
    if (!in.complete())
        return std::nullopt;

    auto const today = floor<days>(now);
    auto const last_day = year_month_day{today} + years{50};
    auto const latest = sys_days{last_day} + (now - today);
    fields.year += static_cast<int>(last_day.year()) / 100 * 100;
    if (instant_of(fields) > latest)
        fields.year -= 100;
    return fields;
}

// Sun Nov  6 08:49:37 1994
std::optional<date_fields> asctime_date(string_view text) {
    scanner in(text);
    date_fields fields;
    in.weekday(short_days);
    in.literal(" ");
    fields.month = in.month();
    in.literal(" ");
    fields.day = in.day_padded_with_space();
    in.literal(" ");
    in.time(fields);
    in.literal(" ");
    fields.year = static_cast<int>(in.digits(4));
    return in.complete() ? std::optional(fields) : std::nullopt;
}

}

std::optional<sys_seconds> parse_http_date(string_view text, sys_seconds now) {
    auto fields = imf_fixdate(text);
    if (!fields)
        fields = rfc850_date(text, now);
    if (!fields)
        fields = asctime_date(text);
    if (!fields || !date_of(*fields).ok() || fields->hour > 23 || fields->minute > 59 || fields->second > 60)
        return std::nullopt;
    return instant_of(*fields);
}

}
