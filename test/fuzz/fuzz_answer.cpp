// Bodies of Graph. What decodes has no name twice; it is encoded, and decodes to the same again. Links to
// next pages are followed as they are or not at all.
#include "json/answer_tree.hpp"
#include "json/decode.hpp"
#include "json/direct_parser.hpp"
#include "json/document_parser.hpp"
#include "json/doubled_name.hpp"
#include "json/encode.hpp"
#include "protocol/next_link.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

/// Whether two texts differ at most in the last places of numbers: Boost.JSON 1.81 reads fractions and
/// exponents no better, so that members that are not known may come back so.
bool same_but_for_last_places(std::string const& left, std::string const& right) {
    auto const* a = left.c_str();
    auto const* b = right.c_str();
    while (*a != 0 && *b != 0) {
        if (*a == *b && (*a < '0' || *a > '9')) {
            ++a, ++b;
            continue;
        }
        char* a_end = nullptr;
        char* b_end = nullptr;
        auto const x = std::strtod(a, &a_end);
        auto const y = std::strtod(b, &b_end);
        if (a_end == a || b_end == b || (x != y && !(std::abs(x - y) <= 1e-14 * std::abs(x))))
            return false;
        a = a_end, b = b_end;
    }
    return *a == *b;
}

template <class Value>
void check_again(Value const& value, std::string const& text, Value const& again) {
    std::string text_again;
    append_json(text_again, again);
    if (again != value && !same_but_for_last_places(text, text_again))
        std::abort();
}

void check_again(allot::assignment const& value) {
    std::string text;
    append_json(text, value);
    auto const again = allot::decode_assignment_page("{\"value\":[" + text + "]}", {});
    if (again)
        check_again(value, text, again->assignments.at(0));
}

// What is parsed without a tree is what the tree says.
void check_direct(std::string_view body) {
    static allot::direct_parser parser;
    std::optional<allot::allotment> direct;
    if (!parser.parse_answer(body, {}, direct))
        return;
    auto const document = allot::document_parser().parse(body);
    auto const found = document ? allot::allotment_in(*document, {}) : std::optional<allot::allotment>();
    if (!document || !found || *found != direct)
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
    check_direct(body);
    if (found && allot::doubled_name(body))
        std::abort();
    if (found && *found) {
        std::string text;
        append_json(text, **found);
        // Wrapped, for a bare one with an unknown member "value" reads as wrapped.
        auto const again = decoder.decode_answer("{\"value\":[" + text + "]}", everything);
        if (!again || !*again)
            std::abort();
        check_again(**found, text, **again);
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
