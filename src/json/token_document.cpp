#include "json/token_document.hpp"

#include "json/ascii.hpp"
#include "json/document_parser.hpp"
#include "json/found.hpp"
#include "json/members.hpp"

#include <new>
#include <string.h>
#include <utility>

namespace allot {

// Boost.JSON never asks for more than the usual alignment, and names another one when it gives a string back
// than when it took it.
void* wiping_resource::do_allocate(std::size_t size, std::size_t) {
    return ::operator new(size);
}

void wiping_resource::do_deallocate(void* memory, std::size_t size, std::size_t) {
    explicit_bzero(memory, size);
    ::operator delete(memory);
}

bool wiping_resource::do_is_equal(boost::json::memory_resource const& other) const noexcept {
    return this == &other;
}

decoded<boost::json::value> parse_token_document(std::string_view body, wiping_resource& memory) {
    document_parser parser(&memory);
    auto document = parser.parse(body, &memory);
    if (!document) {
        auto const& why = document.error();
        if (why.doubled_name) // RFC 6749 section 5.1 has each parameter once
            return decode_error{"", "objects with each name once", "a name twice"};
        return decode_error{
            "", "JSON",
            std::to_string(body.size()) + " bytes that are not (" + why.why.message() + " at byte " +
                std::to_string(why.offset) + ')'};
    }
    if (!document->is_object())
        return decode_error{"", "an object", found_kind(*document)};
    return std::move(*document);
}

decode_error wrong_member(std::string_view name, std::string expected, boost::json::value const* found) {
    return {'/' + std::string(name), std::move(expected), found == nullptr ? "nothing" : found_kind(*found)};
}

std::optional<decode_error>
take_token(boost::json::object const& answer, std::string_view name, std::string& out) {
    constexpr std::size_t max_bytes = 64 * 1024;
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
    auto const* const found = present_member(answer, name);
    auto const* const text = found == nullptr ? nullptr : found->if_string();
    if (text == nullptr || text->empty() || text->size() > max_bytes)
        return wrong_member(name, "a token of 1 to " + std::to_string(max_bytes) + " bytes", found);
    auto const bad = std::string_view(*text).find_first_not_of(allowed);
    if (bad != std::string_view::npos) {
        return decode_error{
            '/' + std::string(name), "a token of letters, digits and - . _ ~ + / =",
            "another character at byte " + std::to_string(bad)};
    }
    out.assign(text->data(), text->size());
    return std::nullopt;
}

std::optional<decode_error>
take_bearer(boost::json::object const& answer, std::string_view name, std::string& out) {
    auto const* const found = present_member(answer, name);
    if (found == nullptr)
        return std::nullopt;
    auto const* const text = found->if_string();
    if (text == nullptr || !same_name(*text, "Bearer"))
        return wrong_member(name, "Bearer", found);
    out = "Bearer";
    return std::nullopt;
}

}
