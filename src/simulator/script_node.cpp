#include "simulator/script_node.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <sstream>

namespace allot::simulation {
namespace {

constexpr double longest_s = 86'400;

std::string number_text(double value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

}

std::string shown(boost::json::value const& value) {
    constexpr std::size_t most_shown = 60;
    auto out = boost::json::serialize(value);
    if (out.size() > most_shown)
        out = out.substr(0, most_shown) + "...";
    return out;
}

void script_node::expect_members(std::span<std::string_view const> known) const {
    if (!value_.is_object())
        fail("an object");
    for (auto const& each : value_.as_object()) {
        std::string_view const name = each.key();
        if (std::find(known.begin(), known.end(), name) != known.end())
            continue;
        std::string list;
        for (auto const& one : known) {
            list += list.empty() ? "" : ", ";
            list += one;
        }
        reject("unknown member " + shown(boost::json::value(name)) + "; known are " + list);
    }
}

std::vector<script_node> script_node::elements() const {
    if (!value_.is_array())
        fail("a list");
    std::vector<script_node> out;
    for (auto const& each : value_.as_array())
        out.emplace_back(each, path_ + '[' + std::to_string(out.size()) + ']');
    return out;
}

std::string script_node::text() const {
    if (!value_.is_string())
        fail("a text");
    return std::string(std::string_view(value_.as_string()));
}

bool script_node::boolean() const {
    if (!value_.is_bool())
        fail("true or false");
    return value_.as_bool();
}

std::uint64_t script_node::whole(std::uint64_t least, std::uint64_t most) const {
    std::optional<std::uint64_t> out;
    if (value_.is_int64() && value_.as_int64() >= 0)
        out = static_cast<std::uint64_t>(value_.as_int64());
    else if (value_.is_uint64())
        out = value_.as_uint64();
    if (!out || *out < least || *out > most)
        fail("a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return *out;
}

double script_node::number(double least, double most) const {
    auto const out = value_.is_number() ? value_.to_number<double>() : least - 1;
    if (!(out >= least && out <= most))
        fail("a number from " + number_text(least) + " to " + number_text(most));
    return out;
}

std::chrono::nanoseconds script_node::seconds(double least) const {
    return std::chrono::round<std::chrono::nanoseconds>(
        std::chrono::duration<double>(number(least, longest_s)));
}

std::chrono::nanoseconds script_node::milliseconds() const {
    return std::chrono::round<std::chrono::nanoseconds>(
        std::chrono::duration<double, std::milli>(number(0, longest_s * 1000)));
}

void script_node::fail(std::string_view expected) const {
    reject("expected " + std::string(expected) + ", found " + shown(value_));
}

void script_node::reject(std::string_view problem) const {
    throw script_error{(path_.empty() ? "top level" : path_) + ": " + std::string(problem)};
}

}
