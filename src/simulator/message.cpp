#include "simulator/message.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <ctime>
#include <utility>

namespace allot::simulation {
namespace {

constexpr char lower(char value) noexcept {
    return value >= 'A' && value <= 'Z' ? static_cast<char>(value - 'A' + 'a') : value;
}

int hex_digit(char value) noexcept {
    if (value >= '0' && value <= '9')
        return value - '0';
    auto const letter = lower(value);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

std::tm utc(std::chrono::system_clock::time_point at) noexcept {
    auto const seconds = std::chrono::system_clock::to_time_t(at);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return parts;
}

void append_two_digits(std::string& out, int value) {
    out += static_cast<char>('0' + value / 10);
    out += static_cast<char>('0' + value % 10);
}

void append_time(std::string& out, std::tm const& parts) {
    append_two_digits(out, parts.tm_hour);
    out += ':';
    append_two_digits(out, parts.tm_min);
    out += ':';
    append_two_digits(out, parts.tm_sec);
}

bool has_field(std::vector<field> const& fields, std::string_view name) noexcept {
    return std::any_of(
        fields.begin(), fields.end(), [name](field const& each) { return same_name(each.name, name); });
}

}

bool same_name(std::string_view left, std::string_view right) noexcept {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return lower(a) == lower(b);
    });
}

std::optional<std::string_view> request::find(std::string_view name) const noexcept {
    for (auto const& each : fields)
        if (same_name(each.name, name))
            return each.value;
    return std::nullopt;
}

std::string_view request::path() const noexcept {
    return std::string_view(target).substr(0, target.find('?'));
}

std::string_view request::query() const noexcept {
    auto const mark = target.find('?');
    return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

void set_field(std::vector<field>& fields, std::string_view name, std::string value) {
    remove_field(fields, name);
    fields.push_back({std::string(name), std::move(value)});
}

void remove_field(std::vector<field>& fields, std::string_view name) {
    std::erase_if(fields, [name](field const& each) { return same_name(each.name, name); });
}

void append_answer(std::string& out, reply const& value, instant now, bool keep_alive, bool head_only) {
    auto const append = [&out](std::string_view name, std::string_view text) {
        out += name;
        out += ": ";
        out += text;
        out += "\r\n";
    };
    out += "HTTP/1.1 ";
    out += std::to_string(value.status);
    out += ' ';
    out += reason_phrase(value.status);
    out += "\r\n";
    for (auto const& each : value.fields)
        append(each.name, each.value);
    if (!has_field(value.fields, "Date"))
        append("Date", http_date(now.wall));
    bool const bodiless = value.status == 204 || value.status == 304;
    bool const framed =
        has_field(value.fields, "Content-Length") || has_field(value.fields, "Transfer-Encoding");
    if (!bodiless && !framed)
        append("Content-Length", std::to_string(value.body ? value.body->size() : 0));
    if (!keep_alive && !has_field(value.fields, "Connection"))
        append("Connection", "close");
    out += "\r\n";
    if (value.body && !bodiless && !head_only)
        out += *value.body;
}

std::string_view reason_phrase(unsigned status) noexcept {
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 304:
        return "Not Modified";
    case 307:
        return "Temporary Redirect";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 402:
        return "Payment Required";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 422:
        return "Unprocessable Content";
    case 423:
        return "Locked";
    case 424:
        return "Failed Dependency";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 507:
        return "Insufficient Storage";
    case 509:
        return "Bandwidth Limit Exceeded";
    default:
        return "Unknown";
    }
}

std::string http_date(std::chrono::system_clock::time_point at) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const parts = utc(at);
    std::string out = days[static_cast<std::size_t>(parts.tm_wday)];
    out += ", ";
    append_two_digits(out, parts.tm_mday);
    out += ' ';
    out += months[static_cast<std::size_t>(parts.tm_mon)];
    out += ' ';
    out += std::to_string(parts.tm_year + 1900);
    out += ' ';
    append_time(out, parts);
    return out + " GMT";
}

std::string graph_date(std::chrono::system_clock::time_point at) {
    auto const parts = utc(at);
    auto out = std::to_string(parts.tm_year + 1900);
    out += '-';
    append_two_digits(out, parts.tm_mon + 1);
    out += '-';
    append_two_digits(out, parts.tm_mday);
    out += 'T';
    append_time(out, parts);
    return out;
}

std::optional<std::string> percent_decode(std::string_view text, bool form) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at != text.size(); ++at) {
        if (text[at] == '+' && form) {
            out += ' ';
        } else if (text[at] != '%') {
            out += text[at];
        } else {
            if (text.size() - at < 3)
                return std::nullopt;
            auto const high = hex_digit(text[at + 1]);
            auto const low = hex_digit(text[at + 2]);
            if (high < 0 || low < 0)
                return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            at += 2;
        }
    }
    return out;
}

}
