#pragma once

#include "json/decode.hpp"
#include "json/scalars.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

/// What the JSON tests share: short ways to text, which a failed check then shows.
namespace allot_test {

/// The file of test/fixtures/graph.
inline std::string fixture(std::string const& name) {
    std::ifstream in(ALLOT_FIXTURES "/graph/" + name, std::ios::binary);
    BOOST_REQUIRE_MESSAGE(in.is_open(), "no fixture " << name);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline allot::guid guid(std::string_view text) {
    auto const value = allot::parse_guid(text);
    BOOST_REQUIRE(value);
    return *value;
}

/// Decodes a text that is JSON.
template <class T>
allot::decoded<T> decode(std::string_view json) {
    return allot::decode<T>(boost::json::parse(json));
}

/// The error of the conversion as one line, or "decoded".
template <class T>
std::string error_of(allot::decoded<T> const& value) {
    return value ? "decoded" : to_string(value.error());
}

template <class T>
std::string error_of(std::string_view json) {
    return error_of(decode<T>(json));
}

}
