#pragma once

#include "cli/app.hpp"
#include "unit/cli/captured_output.hpp"

#include <string>
#include <vector>

namespace allot::test {

struct run_result {
    int code = 0;
    std::string out;
    std::string err;
};

/// Runs `allot` with these words in this process.
inline run_result run(std::vector<std::string> const& words) {
    std::vector<char const*> arguments{"allot"};
    for (auto const& word : words)
        arguments.push_back(word.c_str());
    captured_output const out(STDOUT_FILENO);
    captured_output const err(STDERR_FILENO);
    auto const code = run_command_line(static_cast<int>(arguments.size()), arguments.data());
    return {code, out.text(), err.text()};
}

inline bool has(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}
