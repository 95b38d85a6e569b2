#include "cli/secret_environment.hpp"

#include "io/credentials/secret_variables.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <unistd.h>

namespace allot {
namespace {

bool holds_secret(std::string_view name) {
    return std::find(secret_variables.begin(), secret_variables.end(), name) != secret_variables.end();
}

void forget(char const* name) noexcept {
    auto const size = std::strlen(name);
    // A block may hold a name twice; getenv finds one of them.
    for (auto** each = environ; each != nullptr && *each != nullptr; ++each)
        if (std::strncmp(*each, name, size) == 0 && (*each)[size] == '=')
            ::explicit_bzero(*each + size + 1, std::strlen(*each + size + 1));
    ::unsetenv(name);
}

struct forget_at_the_end {
    forget_at_the_end() = default;
    forget_at_the_end(forget_at_the_end const&) = delete;
    forget_at_the_end& operator=(forget_at_the_end const&) = delete;
    ~forget_at_the_end() { forget_secret_variables(); }
};

}

environment secret_environment() {
    return [rest = std::make_shared<forget_at_the_end>(), lookup = process_environment()](char const* name) {
        auto value = lookup(name);
        if (holds_secret(name))
            forget(name);
        return value;
    };
}

void forget_secret_variables() noexcept {
    for (auto const* name : secret_variables)
        forget(name);
}

}
