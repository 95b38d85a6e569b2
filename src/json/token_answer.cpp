#include "json/ascii.hpp"
#include "json/decode.hpp"
#include "json/expiry_date.hpp"
#include "json/found.hpp"
#include "json/members.hpp"
#include "json/parse.hpp"
#include "json/whole_seconds.hpp"

#include <boost/json/memory_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>

#include <new>
#include <string.h>
#include <utility>

namespace allot {
namespace {

using boost::json::object;

// Memory for a tree that holds a token. Boost.JSON never asks for more than the usual alignment, and names
// another one when it gives a string back than when it took it.
class wiping_resource final : public boost::json::memory_resource {
    void* do_allocate(std::size_t size, std::size_t) override { return ::operator new(size); }
    void do_deallocate(void* memory, std::size_t size, std::size_t) override {
        explicit_bzero(memory, size);
        ::operator delete(memory);
    }
    bool do_is_equal(boost::json::memory_resource const& other) const noexcept override {
        return this == &other;
    }
};

decode_error wrong_member(std::string_view name, std::string expected, boost::json::value const* found) {
    return {'/' + std::string(name), std::move(expected), found == nullptr ? "nothing" : found_kind(*found)};
}

std::optional<decode_error>
read_seconds(object const& answer, std::string_view name, std::optional<std::chrono::seconds>& out) {
    auto const* const found = present_member(answer, name);
    if (found == nullptr || *found == "")
        return std::nullopt;
    out = whole_seconds(*found);
    if (out)
        return std::nullopt;
    return wrong_member(name, "whole seconds from 0 to " + std::to_string(most_seconds.count()), found);
}

std::optional<decode_error>
read_expires_on(object const& answer, std::optional<std::chrono::sys_seconds>& out) {
    constexpr std::string_view name = "expires_on";
    auto const* const found = present_member(answer, name);
    if (found == nullptr)
        return std::nullopt;
    auto since_1970 = whole_seconds(*found);
    if (auto const* const text = found->if_string(); text != nullptr && !since_1970) {
        if (auto const date = parse_expiry_date(*text))
            since_1970 = date->time_since_epoch();
    }
    if (!since_1970 || since_1970->count() < 0 || *since_1970 > most_seconds) {
        return wrong_member(
            name,
            "whole seconds since 1970 from 0 to " + std::to_string(most_seconds.count()) +
                ", or a date like 09/14/2017 17:01:23 +00:00",
            found);
    }
    out = std::chrono::sys_seconds(*since_1970);
    return std::nullopt;
}

std::optional<decode_error> read_type(object const& answer, std::string& out) {
    auto const* const found = present_member(answer, "token_type");
    if (found == nullptr)
        return std::nullopt;
    auto const* const text = found->if_string();
    if (text == nullptr || !same_name(*text, "Bearer"))
        return wrong_member("token_type", "Bearer", found);
    out = "Bearer";
    return std::nullopt;
}

std::optional<decode_error> read_token(object const& answer, std::string& out) {
    constexpr std::string_view name = "access_token";
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

}

decoded<token_answer> decode_token_answer(std::string_view body) {
    wiping_resource memory;
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
    auto const document = parser.release();
    auto const* const answer = document.if_object();
    if (answer == nullptr)
        return decode_error{"", "an object", found_kind(document)};
    token_answer out;
    auto error = read_type(*answer, out.token_type);
    if (!error)
        error = read_seconds(*answer, "expires_in", out.expires_in);
    if (!error)
        error = read_seconds(*answer, "refresh_in", out.refresh_in);
    if (!error)
        error = read_expires_on(*answer, out.expires_on);
    // Last, so that no error leaves a copy behind.
    if (!error)
        error = read_token(*answer, out.access_token);
    if (error)
        return std::move(*error);
    return out;
}

std::optional<token_error> decode_token_error(std::string_view body) {
    boost::json::error_code failed;
    auto const document = boost::json::parse(body, failed, {}, strict_json);
    auto const* const answer = failed ? nullptr : document.if_object();
    if (answer == nullptr)
        return std::nullopt;
    token_error out;
    out.error = text_member(*answer, "error");
    if (out.error.empty())
        return std::nullopt;
    out.description = text_member(*answer, "error_description");
    out.trace_id = text_member(*answer, "trace_id");
    out.correlation_id = text_member(*answer, "correlation_id");
    out.timestamp = text_member(*answer, "timestamp");
    out.claims = text_member(*answer, "claims");
    auto const* const codes = present_member(*answer, "error_codes");
    if (codes != nullptr && codes->is_array()) {
        for (auto const& code : codes->get_array()) {
            if (code.is_int64())
                out.codes.push_back(code.get_int64());
        }
    }
    return out;
}

}
