#pragma once

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {

/// Says what is wrong at which place of a script.
struct script_error {
    std::string message;
};

/// A value as JSON for a message: no control characters, and cut where it is long.
std::string shown(boost::json::value const& value);

/// A value of a script with the path that leads to it. Each reader throws `script_error` when the value is
/// not what it reads. Lifetimes: the value outlives it.
class script_node {
public:
    explicit script_node(boost::json::value const& value, std::string path = {}) :
        value_(value),
        path_(std::move(path)) {}

    boost::json::value const& value() const noexcept { return value_; }

    /// Checks that this is an object whose members are all in `known`.
    void expect_members(std::span<std::string_view const> known) const;
    /// Calls `read` with the member if this object has it.
    template <class F>
    void member(std::string_view name, F read) const {
        if (auto const* found = value_.as_object().if_contains(name))
            read(script_node(*found, path_.empty() ? std::string(name) : path_ + '.' + std::string(name)));
    }
    std::vector<script_node> elements() const;

    std::string text() const;
    bool boolean() const;
    std::uint64_t whole(std::uint64_t least, std::uint64_t most) const;
    double number(double least, double most) const;
    /// A time in seconds or milliseconds, at most a day.
    std::chrono::nanoseconds seconds(double least = 0) const;
    std::chrono::nanoseconds milliseconds() const;

    /// Throws: expected that, found the value.
    [[noreturn]] void fail(std::string_view expected) const;
    /// Throws with a sentence of its own.
    [[noreturn]] void reject(std::string_view problem) const;

private:
    boost::json::value const& value_;
    std::string path_;
};

}
