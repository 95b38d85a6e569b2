#include "json/token_document.hpp"

#include "json/ascii.hpp"
#include "json/found.hpp"
#include "json/members.hpp"
#include "json/parse.hpp"

#include <boost/json/parser.hpp>

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
    boost::json::parser parser(&memory, strict_json);
    parser.reset(&memory);
    boost::json::error_code failed;
    auto const offset = parser.write(body.data(), body.size(), failed);
    if (failed) {
        return decode_error{
            "", "JSON",
            std::to_string(body.size()) + " bytes that are not (" + failed.message() + " at byte " +
                std::to_string(offset) + ')'};
    }
    auto document = parser.release();
    if (!document.is_object())
        return decode_error{"", "an object", found_kind(document)};
    return document;
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
