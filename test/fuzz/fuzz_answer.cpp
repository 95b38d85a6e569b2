// Bodies of Graph. What decodes has no name twice; it is encoded, and decodes to the same again. Links to
// next pages are followed as they are or not at all.
#include "json/decode.hpp"
#include "json/doubled_name.hpp"
#include "json/encode.hpp"
#include "protocol/next_link.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

/// Boost.JSON 1.81 reads fractions and exponents to within a unit in the last place only: members that are
/// not known and hold such may come back different.
bool holds_inexact_number(std::string_view text) {
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (std::size_t at = 1; at + 1 < text.size(); ++at)
        if ((text[at] == '.' || text[at] == 'e' || text[at] == 'E') && is_digit(text[at - 1]))
            return true;
    return false;
}

void check_again(allot::assignment const& value) {
    std::string text = "{\"value\":[";
    append_json(text, value);
    auto const again = allot::decode_assignment_page(text + "]}", {});
    if (again && again->assignments.at(0) != value && !holds_inexact_number(text))
        std::abort();
}

// What may be sent to is a target that a request can have.
void check_link(std::string const& link) {
    static auto const where = allot::parse_graph_url("https://graph.microsoft.com").value();
    auto const target = allot::next_link_target(link, where);
    if (!target)
        return;
    for (char const c : *target)
        if (c <= ' ' || c > '~' || c == '#')
            std::abort();
    if (!target->starts_with('/') || !link.ends_with(target->substr(1)))
        std::abort();
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const body(reinterpret_cast<char const*>(data), size);
    static allot::allotment_decoder decoder;
    static allot::query const everything;
    auto const found = decoder.decode_answer(body, everything);
    if (found && allot::doubled_name(body))
        std::abort();
    if (found && *found) {
        std::string text;
        append_json(text, **found);
        // Wrapped, for a bare one with an unknown member "value" reads as wrapped.
        auto const again = decoder.decode_answer("{\"value\":[" + text + "]}", everything);
        if (!again || !*again || (**again != **found && !holds_inexact_number(text)))
            std::abort();
    } else if (!found && to_string(found.error()).empty()) {
        std::abort();
    }
    static auto const expanded = allot::query().expand("allotment($select=id)");
    auto const page = allot::decode_assignment_page(body, expanded);
    if (page) {
        if (allot::doubled_name(body))
            std::abort();
        for (auto const& each : page->assignments)
            check_again(each);
        check_link(page->next_link);
    } else if (to_string(page.error()).empty()) {
        std::abort();
    }
    allot::decode_graph_error(body);
    return 0;
}
