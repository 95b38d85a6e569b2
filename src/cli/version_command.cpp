#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "io/tls_version.hpp"
#include "json/encode.hpp"

#include <CLI/Option.hpp>
#include <boost/version.hpp>

#include <array>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace allot {
namespace {

#ifdef __clang__
constexpr char const* compiler = "clang " __clang_version__;
#else
constexpr char const* compiler = "g++ " __VERSION__;
#endif

std::string boost_version() {
    return std::to_string(BOOST_VERSION / 100'000) + '.' + std::to_string(BOOST_VERSION / 100 % 1'000) + '.' +
           std::to_string(BOOST_VERSION % 100);
}

int print_version(bool as_json) {
    std::array<std::pair<char const*, std::string>, 4> const facts{{
        {"version", ALLOT_VERSION},
        {"compiler", compiler},
        {"boost", boost_version()},
        {"openssl", tls_library_version()},
    }};
    std::string out;
    for (auto const& [name, value] : facts) {
        if (as_json) {
            out += out.empty() ? '{' : ',';
            append_json_string(out, name);
            out += ':';
            append_json_string(out, value);
        } else {
            out += std::string(out.empty() ? "allot" : name) + ' ' + value + '\n';
        }
    }
    std::cout << out << (as_json ? "}\n" : "") << std::flush;
    return std::cout ? exit_good : exit_local_io;
}

}

void add_version_options(CLI::App& root, std::function<int()>& run) {
    auto const as_json = std::make_shared<bool>(false);
    auto* const version = root.add_flag_callback(
        "--version", [as_json, &run] { run = [as_json] { return print_version(*as_json); }; },
        "version, compiler, Boost and OpenSSL versions");
    root.add_flag("--json", *as_json, "the version as JSON")->needs(version);
}

}
