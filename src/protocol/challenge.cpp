#include "protocol/challenge.hpp"

#include "base/base64.hpp"
#include "json/ascii.hpp"

#include <algorithm>
#include <utility>

namespace allot {
namespace {

using std::string_view;

constexpr string_view letters_and_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

bool is_token_character(char c) noexcept {
    return letters_and_digits.find(c) != string_view::npos ||
           string_view("!#$%&'*+-.^_`|~").find(c) != string_view::npos;
}

bool is_token68_character(char c) noexcept {
    return letters_and_digits.find(c) != string_view::npos ||
           string_view("-._~+/").find(c) != string_view::npos;
}

// HTAB, SP, VCHAR or obs-text.
bool is_quotable(char c) noexcept {
    auto const byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= ' ' && byte != 0x7f);
}

// Reads one field value from the left.
class challenge_scanner {
public:
    explicit challenge_scanner(string_view text) noexcept : rest_(text) {}

    bool done() const noexcept { return rest_.empty(); }
    bool at_end_of_element() const noexcept { return rest_.empty() || rest_.front() == ','; }

    bool take(char expected) noexcept {
        if (!rest_.starts_with(expected))
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    // Whether there was any.
    bool skip_space() noexcept {
        auto const before = rest_.size();
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
        return rest_.size() != before;
    }

    // Empty where none begins.
    string_view token() noexcept { return take_while(is_token_character); }

    // Only where nothing else is left of the element: "realm=" also begins a parameter. Empty otherwise.
    string_view token68() noexcept {
        auto const before = rest_;
        if (!take_while(is_token68_character).empty()) {
            take_while([](char c) { return c == '='; });
            auto const found = before.substr(0, before.size() - rest_.size());
            skip_space();
            if (at_end_of_element())
                return found;
        }
        rest_ = before;
        return {};
    }

    // A token or a quoted string.
    std::optional<std::string> value() {
        if (take('"'))
            return rest_of_quoted_string();
        auto const found = token();
        return found.empty() ? std::nullopt : std::optional<std::string>(found);
    }

private:
    template <class Allowed>
    string_view take_while(Allowed allowed) noexcept {
        auto const size = std::ranges::find_if_not(rest_, allowed) - rest_.begin();
        auto const found = rest_.substr(0, static_cast<std::size_t>(size));
        rest_.remove_prefix(found.size());
        return found;
    }

    std::optional<std::string> rest_of_quoted_string() {
        std::string out;
        while (!rest_.empty()) {
            if (take('"'))
                return out;
            take('\\'); // what it escapes may be anything that can be quoted, '"' too
            if (rest_.empty() || !is_quotable(rest_.front()))
                return std::nullopt;
            out += rest_.front();
            rest_.remove_prefix(1);
        }
        return std::nullopt;
    }

    string_view rest_;
};

// What follows the "=" of a parameter.
bool read_parameter_value(challenge_scanner& in, string_view name, challenge& of) {
    in.skip_space();
    auto value = in.value();
    if (!value || !of.token68.empty() || of.find(name) != nullptr ||
        of.parameters.size() == most_challenge_parameters)
        return false;
    of.parameters.push_back({std::string(name), std::move(*value)});
    return true;
}

// What follows the name of a scheme and a space: nothing, a token68 or the first parameter.
bool read_first_element(challenge_scanner& in, challenge& of) {
    of.token68 = in.token68();
    if (!of.token68.empty() || in.at_end_of_element())
        return true;
    auto const name = in.token();
    in.skip_space();
    return !name.empty() && in.take('=') && read_parameter_value(in, name, of);
}

// Reads up to the next comma: a parameter of the last challenge of the line, or the beginning of another one,
// which is then the last even if what follows is malformed.
bool read_element(challenge_scanner& in, std::vector<challenge>& line) {
    auto const name = in.token();
    if (name.empty())
        return false;
    bool const spaced = in.skip_space();
    if (in.take('='))
        return !line.empty() && read_parameter_value(in, name, line.back());
    line.push_back({std::string(name), {}, {}});
    return !spaced || read_first_element(in, line.back());
}

std::vector<challenge> parse_line(string_view text) {
    std::vector<challenge> line;
    challenge_scanner in(text);
    while (!in.done() && line.size() <= most_challenges) {
        if (in.skip_space() || in.take(','))
            continue;
        bool const read = read_element(in, line);
        in.skip_space();
        if (read && in.at_end_of_element())
            continue;
        if (!line.empty())
            line.pop_back();
        break;
    }
    return line;
}

std::string claims_of(challenge const& from) {
    auto const* const error = from.find("error");
    auto const* const claims = from.find("claims");
    if (error == nullptr || claims == nullptr || !same_name(*error, "insufficient_claims"))
        return {};
    return claims->starts_with('{') ? *claims : base64_decode(*claims).value_or("");
}

}

std::string const* challenge::find(string_view name) const noexcept {
    auto const found = std::ranges::find_if(
        parameters, [name](challenge_parameter const& each) { return same_name(each.name, name); });
    return found == parameters.end() ? nullptr : &found->value;
}

std::vector<challenge> parse_challenges(std::span<string_view const> field_values) {
    std::vector<challenge> out;
    for (auto const value : field_values) {
        if (value.size() > most_challenge_bytes)
            continue;
        for (auto& found : parse_line(value)) {
            if (out.size() == most_challenges)
                return out;
            out.push_back(std::move(found));
        }
    }
    return out;
}

std::optional<bearer_challenge> find_bearer_challenge(std::span<string_view const> field_values) {
    std::optional<bearer_challenge> best;
    for (auto const& each : parse_challenges(field_values)) {
        if (!same_name(each.scheme, "Bearer"))
            continue;
        auto const text = [&each](string_view name) {
            auto const* const value = each.find(name);
            return value == nullptr ? std::string() : *value;
        };
        bearer_challenge found{text("error"), text("error_description"), claims_of(each)};
        if (!found.claims.empty())
            return found;
        if (!best || (best->error.empty() && !found.error.empty()))
            best = std::move(found);
    }
    return best;
}

}
