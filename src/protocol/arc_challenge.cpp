#include "protocol/arc_challenge.hpp"

#include "json/ascii.hpp"
#include "protocol/challenge.hpp"

#include <span>

namespace allot {

std::optional<std::string> arc_key_file(std::string_view field_value) {
    for (auto const& found : parse_challenges(std::span(&field_value, 1))) {
        auto const* const realm = found.find("realm");
        if (same_name(found.scheme, "Basic") && realm != nullptr && !realm->empty())
            return *realm;
    }
    constexpr std::string_view bare = "Basic realm=/";
    if (!same_name(field_value.substr(0, bare.size()), bare))
        return std::nullopt;
    return std::string(field_value.substr(bare.size() - 1));
}

}
