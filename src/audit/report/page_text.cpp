#include "audit/report/page_text.hpp"

#include "audit/text.hpp"
#include "json/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace allot {
namespace {

// Characters that leave no mark, so that two names that differ would look the same; and line separators.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> unseen{{
    {"\xc2\xad", "\\u00ad"},
    {"\xe2\x80\x8b", "\\u200b"},
    {"\xe2\x80\xa8", "\\u2028"},
    {"\xe2\x80\xa9", "\\u2029"},
    {"\xe2\x81\xa0", "\\u2060"},
    {"\xef\xbb\xbf", "\\ufeff"},
}};

std::string one_decimal(std::int64_t tenths) {
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

std::string two_digits(std::int64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

}

std::string page_text(std::string_view text, std::size_t max_bytes) {
    auto out = terminal_safe(shorten(text, max_bytes));
    for (auto const& [bytes, shown] : unseen)
        for (auto at = out.find(bytes); at != std::string::npos; at = out.find(bytes, at + shown.size()))
            out.replace(at, bytes.size(), shown);
    return out;
}

std::string_view without_request(std::string_view message) noexcept {
    auto const end = message.find(": ");
    bool const names_request = message.starts_with("GET https://") && end != message.npos &&
                               message.find(' ', sizeof "GET") > end && end + 2 != message.size();
    return names_request ? message.substr(end + 2) : message;
}

void append_html(std::string& out, std::string_view text) {
    for (char const each : text) {
        switch (each) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += each;
        }
    }
}

void append_script_string(std::string& out, std::string_view text) {
    auto const from = out.size();
    append_json_string(out, text);
    if (out.find_first_of("<>&\xe2", from) == std::string::npos)
        return;
    auto const json = out.substr(from);
    out.resize(from);
    for (std::size_t at = 0; at != json.size(); ++at) {
        auto const line_end = std::string_view(json).substr(at, 3);
        if (json[at] == '<') {
            out += "\\u003c";
        } else if (json[at] == '>') {
            out += "\\u003e";
        } else if (json[at] == '&') {
            out += "\\u0026";
        } else if (line_end == "\xe2\x80\xa8" || line_end == "\xe2\x80\xa9") {
            out += line_end.back() == '\xa8' ? "\\u2028" : "\\u2029";
            at += 2;
        } else {
            out += json[at];
        }
    }
}

std::string with_separators_signed(std::int64_t value) {
    auto const size = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    return (value < 0 ? "\xe2\x88\x92" : "") + with_separators(size);
}

std::string counted(std::uint64_t value, std::string_view one, std::string_view many) {
    auto out = with_separators(value) + ' ';
    if (value == 1)
        return out.append(one);
    return many.empty() ? out.append(one) + 's' : out.append(many);
}

std::string percent(double share) {
    if (!std::isfinite(share))
        return "no units";
    auto const tenths = share * 1'000;
    if (tenths <= 0)
        return "0 %";
    if (tenths < 1)
        return "<0.1 %";
    if (tenths >= 10'000'000)
        return ">1,000,000 %";
    // Above all: up, so that 100.04 % is not taken for all. Below: down, likewise.
    if (share > 1 && share < 1.1)
        return one_decimal(static_cast<std::int64_t>(std::ceil(tenths))) + " %";
    if (share > 1)
        return with_separators(static_cast<unsigned long long>(std::ceil(share * 100))) + " %";
    if (share == 1)
        return "100 %";
    bool const matters = tenths < 100 || tenths >= 900;
    return (matters ? one_decimal(static_cast<std::int64_t>(tenths))
                    : std::to_string(static_cast<std::int64_t>(tenths / 10))) +
           " %";
}

std::string time_span(std::int64_t milliseconds) {
    milliseconds = std::max<std::int64_t>(milliseconds, 0);
    if (milliseconds == 0)
        return "0 s";
    if (milliseconds < 10'000)
        return one_decimal(milliseconds / 100) + " s";
    auto const seconds = milliseconds / 1'000;
    if (seconds < 60)
        return std::to_string(seconds) + " s";
    if (seconds < 3'600)
        return std::to_string(seconds / 60) + " min " + two_digits(seconds % 60) + " s";
    return std::to_string(seconds / 3'600) + " h " + two_digits(seconds / 60 % 60) + " min";
}

}
