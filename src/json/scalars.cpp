#include "json/scalars.hpp"

#include "json/text_scanner.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace allot {
namespace {

using namespace std::chrono;

constexpr std::string_view hex_digits = "0123456789abcdef";

bool scan_date(text_scanner& in, year_month_day& out) noexcept {
    int y = 0;
    int m = 0;
    int d = 0;
    if (!in.number(4, 9999, y) || !in.take('-') || !in.number(2, 12, m) || !in.take('-') ||
        !in.number(2, 31, d))
        return false;
    out = year(y) / month(static_cast<unsigned>(m)) / day(static_cast<unsigned>(d));
    return out.ok();
}

bool scan_fraction(text_scanner& in, date_time::duration& out) noexcept {
    constexpr int max_digits = 12;
    constexpr int kept_digits = 7;
    std::int64_t ticks = 0;
    int count = 0;
    while (auto const next = in.digit()) {
        if (++count <= kept_digits)
            ticks = ticks * 10 + *next;
    }
    for (int missing = count; missing < kept_digits; ++missing)
        ticks *= 10;
    out += date_time::duration(ticks);
    return count >= 1 && count <= max_digits;
}

// What follows the date: "T17:11:10.6635939+01:00". `out` is the time since the midnight that began the date
// in UTC.
bool scan_time(text_scanner& in, date_time::duration& out) noexcept {
    int h = 0;
    int m = 0;
    int s = 0;
    if (!in.take('T') || !in.number(2, 23, h) || !in.take(':') || !in.number(2, 59, m))
        return false;
    bool const has_seconds = in.take(':');
    if (has_seconds && !in.number(2, 59, s))
        return false;
    out = hours(h) + minutes(m) + seconds(s);
    if (has_seconds && in.take('.') && !scan_fraction(in, out))
        return false;
    minutes offset{};
    if (!in.offset(offset))
        return false;
    out -= offset;
    return in.done();
}

// The value of each hex digit; what is none has a bit beyond the lowest four.
constexpr std::uint8_t no_digit = 0x80;
constexpr auto hex_values = [] {
    std::array<std::uint8_t, 256> out{};
    out.fill(no_digit);
    for (std::uint8_t digit = 0; digit != 10; ++digit)
        out['0' + digit] = digit;
    for (std::uint8_t letter = 0; letter != 6; ++letter)
        out['a' + letter] = out['A' + letter] = static_cast<std::uint8_t>(10 + letter);
    return out;
}();

// Precondition: not negative.
void append_padded(std::string& out, std::int64_t value, std::size_t width) {
    auto const begin = out.size();
    append_integer(out, value);
    auto const written = out.size() - begin;
    if (written < width)
        out.insert(begin, width - written, '0');
}

template <class T>
void append_number(std::string& out, T value) {
    char text[32];
    auto const end = std::to_chars(text, text + sizeof text, value).ptr;
    out.append(text, end);
}

}

std::optional<guid> parse_guid(std::string_view text) noexcept {
    constexpr std::size_t size = 36;
    if (text.size() != size)
        return std::nullopt;
    guid out;
    unsigned digits = 0;
    auto const* from = text.data();
    auto const take = [&](std::size_t begin, std::size_t end) {
        for (auto at = begin; at != end; ++at, from += 2) {
            auto const high = hex_values[static_cast<unsigned char>(from[0])];
            auto const low = hex_values[static_cast<unsigned char>(from[1])];
            digits |= high | low;
            out.data[at] = static_cast<std::uint8_t>(high << 4 | low);
        }
    };
    bool dashes = true;
    auto const dash = [&] { dashes &= *from++ == '-'; };
    take(0, 4);
    dash();
    take(4, 6);
    dash();
    take(6, 8);
    dash();
    take(8, 10);
    dash();
    take(10, 16);
    if (!dashes || (digits & no_digit) != 0)
        return std::nullopt;
    return out;
}

std::optional<year_month_day> parse_date(std::string_view text) noexcept {
    text_scanner in(text);
    year_month_day out;
    date_time::duration time{};
    if (!scan_date(in, out) || !(in.done() || scan_time(in, time)))
        return std::nullopt;
    return out;
}

std::optional<date_time> parse_date_time(std::string_view text) noexcept {
    text_scanner in(text);
    year_month_day date;
    date_time::duration time{};
    if (!scan_date(in, date) || !scan_time(in, time))
        return std::nullopt;
    return sys_days(date) + time;
}

void append_guid(std::string& out, guid const& value) {
    std::size_t written = 0;
    for (auto const byte : value) {
        if (written == 4 || written == 6 || written == 8 || written == 10)
            out += '-';
        out += hex_digits[byte >> 4];
        out += hex_digits[byte & 0xf];
        ++written;
    }
}

void append_date(std::string& out, year_month_day value) {
    append_padded(out, int(value.year()), 4);
    out += '-';
    append_padded(out, unsigned(value.month()), 2);
    out += '-';
    append_padded(out, unsigned(value.day()), 2);
}

void append_date_time(std::string& out, date_time value) {
    auto const date = floor<days>(value);
    hh_mm_ss const time(value - date);
    append_date(out, date);
    out += 'T';
    append_padded(out, time.hours().count(), 2);
    out += ':';
    append_padded(out, time.minutes().count(), 2);
    out += ':';
    append_padded(out, time.seconds().count(), 2);
    out += '.';
    append_padded(out, time.subseconds().count(), 7);
    out += 'Z';
}

void append_integer(std::string& out, std::int64_t value) {
    append_number(out, value);
}

void append_integer(std::string& out, std::uint64_t value) {
    append_number(out, value);
}

void append_double(std::string& out, double value) {
    if (std::isinf(value)) {
        out += value < 0 ? "-1e999" : "1e999";
        return;
    }
    auto const begin = out.size();
    append_number(out, value);
    bool const within_64_bits = value >= -0x1p63 && value < 0x1p64;
    if (within_64_bits && out.find_first_of(".e", begin) == out.npos)
        out += ".0";
}

}
