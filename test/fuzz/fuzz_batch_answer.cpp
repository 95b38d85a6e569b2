// Answers to batches: what decodes has each name once, its parts are what the text says, and none of them is
// taken for a request that was not made, or twice.
#include "json/batch_answer.hpp"
#include "json/doubled_name.hpp"
#include "json/encode.hpp"
#include "protocol/envelope.hpp"

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

void check_parts(std::span<allot::batch_part const> parts) {
    std::vector<std::uint64_t> const asked{1, 2, 3, 4, 5, 17, 18446744073709551615u};
    allot::matched_parts matched;
    allot::match_parts(asked, parts, matched);
    if (!matched.problem.empty())
        return;
    std::set<std::size_t> taken;
    for (std::size_t at = 0; at != asked.size(); ++at) {
        auto const part = matched.parts[at];
        if (part != allot::matched_parts::none &&
            (part >= parts.size() || parts[part].id != asked[at] || !taken.insert(part).second))
            std::abort();
    }
    if (taken.size() != parts.size())
        std::abort();
}

void check_with_tree(std::span<allot::batch_part const> parts, std::string_view body) {
    auto const begin = body.find('{');
    if (begin == body.npos)
        return;
    auto const text = "{\"another member\":0," + std::string(body.substr(begin + 1));
    static allot::batch_answer_decoder other;
    auto const same = other.decode(text);
    if (!same)
        return;
    if (same->size() != parts.size())
        std::abort();
    for (std::size_t at = 0; at != parts.size(); ++at) {
        auto const& left = parts[at];
        auto const& right = (*same)[at];
        if (left.id != right.id || left.status != right.status || left.body != right.body ||
            left.fields.size() != right.fields.size())
            std::abort();
        for (std::size_t field = 0; field != left.fields.size(); ++field)
            if (left.fields[field].name != right.fields[field].name ||
                left.fields[field].value != right.fields[field].value)
                std::abort();
    }
}

// A body decodes as it would alone.
void check_body(
    allot::batch_answer_decoder& decoder, std::size_t index, allot::batch_part const& part,
    std::string_view text) {
    if (part.status < 100 || part.status > 599)
        std::abort();
    for (auto const& field : part.fields)
        if (field.name.size() > text.size() || field.value.size() > text.size())
            std::abort();
    auto const found = decoder.allotment_of(index, {});
    decoder.error_of(index);
    if (!found) {
        if (to_string(found.error()).empty())
            std::abort();
        return;
    }
    if (part.body != allot::batch_part::body_kind::json)
        std::abort();
    if (!*found)
        return;
    std::string json;
    append_json(json, **found);
    auto const again = allot::allotment_decoder().decode_answer("{\"value\":" + json + "}", {});
    if (!again || !*again)
        std::abort();
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const body(reinterpret_cast<char const*>(data), size);
    static allot::batch_answer_decoder decoder;
    auto const parts = decoder.decode(body);
    if (!parts) {
        if (to_string(parts.error()).empty())
            std::abort();
        return 0;
    }
    if (allot::doubled_name(body))
        std::abort();
    check_parts(*parts);
    check_with_tree(*parts, body);
    for (std::size_t at = 0; at != parts->size(); ++at)
        check_body(decoder, at, (*parts)[at], body);
    return 0;
}
