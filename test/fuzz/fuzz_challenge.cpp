// WWW-Authenticate, one field value to a line, and what becomes of the claims in it. What parses, written
// again in one value or in one for each challenge, parses to the same.
#include "json/claims.hpp"
#include "protocol/challenge.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using challenges = std::vector<allot::challenge>;

void expect(bool condition) {
    if (!condition)
        std::abort();
}

challenges parse(std::vector<std::string> const& values) {
    std::vector<std::string_view> const views(values.begin(), values.end());
    return allot::parse_challenges(views);
}

std::string written(allot::challenge const& value) {
    std::string out = value.scheme;
    if (!value.token68.empty())
        out += ' ' + value.token68;
    for (auto const& parameter : value.parameters) {
        out += out.size() == value.scheme.size() ? " " : ", ";
        out += parameter.name + "=\"";
        for (char const c : parameter.value) {
            if (c == '"' || c == '\\')
                out += '\\';
            out += c;
        }
        out += '"';
    }
    return out;
}

void check_written_again(challenges const& parsed) {
    std::vector<std::string> lines;
    std::string joined;
    for (auto const& each : parsed) {
        lines.push_back(written(each));
        joined += (joined.empty() ? "" : ", ") + lines.back();
    }
    // Escapes may make a value too long.
    if (joined.size() > allot::most_challenge_bytes)
        return;
    expect(parse(lines) == parsed);
    expect(parse({joined}) == parsed);
}

void check_challenge(allot::challenge const& value) {
    expect(!value.scheme.empty());
    expect(value.token68.empty() || value.parameters.empty());
    expect(value.parameters.size() <= allot::most_challenge_parameters);
    for (auto const& parameter : value.parameters) {
        expect(!parameter.name.empty() && value.find(parameter.name) == &parameter.value);
        for (char const c : parameter.value)
            expect(c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != 0x7f));
    }
}

// The text is JSON, short enough to merge again, and asks for the capability once.
void check_merged(std::string_view claims) {
    using allot::client_capability;
    auto const merged = allot::merge_claims(claims, client_capability::cp1);
    if (!merged) {
        expect(!to_string(merged.error()).empty());
        return;
    }
    expect(merged->size() <= allot::most_claims_bytes);
    auto const document = boost::json::parse(*merged);
    auto const& values = document.at("access_token").at("xms_cc").at("values").as_array();
    auto const wanted = std::ranges::count(values, boost::json::value("cp1"));
    expect(wanted >= 1);
    auto const again = allot::merge_claims(*merged, client_capability::cp1);
    expect(again.has_value());
    expect(
        std::ranges::count(
            boost::json::parse(*again).at("access_token").at("xms_cc").at("values").as_array(),
            boost::json::value("cp1")) == wanted);
    expect(allot::merge_claims(claims, client_capability::none).has_value());
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at <= text.size();) {
        auto const end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    auto const parsed = allot::parse_challenges(lines);
    expect(parsed.size() <= allot::most_challenges);
    for (auto const& each : parsed)
        check_challenge(each);
    check_written_again(parsed);

    // Of all lines what each gives alone.
    challenges apart;
    for (auto const line : lines)
        std::ranges::move(allot::parse_challenges(std::vector{line}), std::back_inserter(apart));
    apart.resize(std::min(apart.size(), allot::most_challenges));
    expect(apart == parsed);

    auto const bearer = allot::find_bearer_challenge(lines);
    expect(!bearer || parsed.size() > 0);
    if (bearer && !bearer->claims.empty())
        check_merged(bearer->claims);
    check_merged(text);
    return 0;
}
