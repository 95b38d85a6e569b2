#include "simulator/script_codings.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace allot::simulation {

encoding read_encoding(script_node const& from) {
    constexpr std::pair<std::string_view, encoding> known[] = {
        {"gzip", encoding::gzip},
        {"gzip_members", encoding::gzip_members},
        {"gzip_bomb", encoding::gzip_bomb},
        {"gzip_wrong_crc", encoding::gzip_wrong_crc},
        {"gzip_truncated", encoding::gzip_truncated},
        {"unknown", encoding::unknown}};
    auto const name = from.text();
    for (auto const& [each, value] : known)
        if (each == name)
            return value;
    from.fail(
        "\"gzip\", \"gzip_members\", \"gzip_bomb\", \"gzip_wrong_crc\", \"gzip_truncated\" or \"unknown\"");
}

compressed read_gzip(script_node const& from) {
    auto const name = from.text();
    if (name == "none")
        return compressed::none;
    if (name == "all")
        return compressed::all;
    if (name != "pages")
        from.fail("\"none\", \"pages\" or \"all\"");
    return compressed::pages;
}

std::string read_raw(script_node const& from) {
    auto const text = from.text();
    std::string out;
    for (std::size_t at = 0; at != text.size(); ++at) {
        // Boost.JSON has checked the UTF-8; U+0080 to U+00FF are C2 or C3 and one byte more.
        auto byte = static_cast<unsigned char>(text[at]);
        if (byte >= 0x80) {
            if (byte > 0xc3)
                from.reject("expected characters from U+0000 to U+00FF, one for each byte");
            byte = static_cast<unsigned char>(
                (byte & 0x03U) << 6U | (static_cast<unsigned char>(text[++at]) & 0x3fU));
        }
        out += static_cast<char>(byte);
    }
    return out;
}

}
