#include <allot/environment.hpp>

#include <cstdlib>

namespace allot {

environment process_environment() {
    return [](char const* name) -> std::optional<std::string> {
        auto const* const value = std::getenv(name);
        if (value == nullptr || *value == '\0')
            return std::nullopt;
        return value;
    };
}

}
