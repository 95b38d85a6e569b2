// Bodies of Graph and of token endpoints. What decodes is encoded, and decodes to the same again.
#include "json/decode.hpp"
#include "json/encode.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const body(reinterpret_cast<char const*>(data), size);
    static allot::allotment_decoder decoder;
    static allot::query const everything;
    auto const found = decoder.decode_answer(body, everything);
    if (found && *found) {
        std::string text;
        append_json(text, **found);
        auto const again = decoder.decode_answer(text, everything);
        if (!again || !*again || **again != **found)
            std::abort();
    } else if (!found && to_string(found.error()).empty()) {
        std::abort();
    }
    allot::decode_graph_error(body);
    allot::decode_token_error(body);
    (void)allot::decode_token_answer(body);
    return 0;
}
