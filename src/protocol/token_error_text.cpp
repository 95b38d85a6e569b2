#include "protocol/token_error_text.hpp"

#include <charconv>
#include <cstddef>
#include <string_view>
#include <utility>

namespace allot {
namespace {

constexpr std::string_view code_prefix = "AADSTS";

/// One line: runs of controls become a space, runs of anything beyond ASCII a question mark.
std::string one_line(std::string_view text, std::size_t most) {
    std::string out;
    char last_substitute = '\0';
    for (char const character : text) {
        bool const shown = character > ' ' && character <= '~';
        bool const ascii = static_cast<unsigned char>(character) < 0x80;
        char const substitute = shown ? '\0' : ascii ? ' ' : '?';
        if (shown)
            out += character;
        else if (substitute != last_substitute)
            out += substitute;
        last_substitute = substitute;
        if (out.size() > most) {
            out.resize(most);
            return out + "...";
        }
    }
    while (out.ends_with(' '))
        out.pop_back();
    return out;
}

/// A part of a description such as "Trace ID: abc", which ends where white space follows its value.
struct labelled {
    std::string_view label;
    bool two_words; ///< a date and a time
};

/// Takes the value of the label out of the end of a description, into `value` unless that has one.
void take_trailer(std::string& description, labelled const& part, std::string& value) {
    auto const at = description.rfind(part.label);
    if (at == std::string::npos)
        return;
    auto begin = description.find_first_not_of(' ', at + part.label.size());
    if (begin == std::string::npos)
        begin = description.size();
    auto end = description.find_first_of(" \r\n", begin);
    if (part.two_words && end != std::string::npos)
        end = description.find_first_of(" \r\n", end + 1);
    if (end == std::string::npos)
        end = description.size();
    if (value.empty())
        value = description.substr(begin, end - begin);
    description.erase(at, end - at);
}

/// Whether the text has "AADSTSn" of just this number.
bool names(std::string_view text, std::string const& name) {
    auto const at = text.find(name);
    if (at == std::string_view::npos)
        return false;
    auto const behind = text.substr(at + name.size());
    return behind.empty() || behind.front() < '0' || behind.front() > '9';
}

}

token_error with_codes(token_error said) {
    if (!said.codes.empty())
        return said;
    auto const at = said.description.find(code_prefix);
    if (at == std::string::npos)
        return said;
    std::int64_t code = 0;
    auto const* const digits = said.description.data() + at + code_prefix.size();
    if (std::from_chars(digits, said.description.data() + said.description.size(), code).ec == std::errc())
        said.codes.push_back(code);
    return said;
}

std::string to_text(token_error const& said) {
    constexpr std::size_t most_description = 500;
    constexpr std::size_t most_id = 64;
    constexpr std::size_t most_codes = 5;
    auto description = said.description;
    auto trace = said.trace_id;
    auto correlation = said.correlation_id;
    auto time = said.timestamp;
    take_trailer(description, {"Trace ID:", false}, trace);
    take_trailer(description, {"Correlation ID:", false}, correlation);
    take_trailer(description, {"Timestamp:", true}, time);

    auto out = one_line(said.error, most_id);
    if (auto const text = one_line(description, most_description); !text.empty())
        out += ": " + text;
    std::string facts;
    auto const add = [&facts](std::string_view name, std::string const& value) {
        if (value.empty())
            return;
        facts += facts.empty() ? " (" : ", ";
        facts.append(name).append(one_line(value, most_id));
    };
    std::size_t shown = 0;
    for (auto const code : said.codes) {
        auto const name = std::string(code_prefix) + std::to_string(code);
        if (!names(description, name) && shown++ < most_codes)
            add("", name);
    }
    add("trace id ", trace);
    add("correlation id ", correlation);
    add("time ", time);
    return facts.empty() ? out : out + facts + ')';
}

}
