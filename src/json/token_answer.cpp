#include "json/decode.hpp"
#include "json/document_parser.hpp"
#include "json/expiry_date.hpp"
#include "json/members.hpp"
#include "json/token_document.hpp"
#include "json/whole_seconds.hpp"

#include <boost/json/value.hpp>

#include <utility>

namespace allot {
namespace {

using boost::json::object;

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

}

decoded<token_answer> decode_token_answer(std::string_view body) {
    wiping_resource memory;
    auto const document = parse_token_document(body, memory);
    if (!document)
        return document.error();
    auto const& answer = document->get_object();
    token_answer out;
    auto error = take_bearer(answer, "token_type", out.token_type);
    if (!error)
        error = read_seconds(answer, "expires_in", out.expires_in);
    if (!error)
        error = read_seconds(answer, "refresh_in", out.refresh_in);
    if (!error)
        error = read_expires_on(answer, out.expires_on);
    // Last, so that no error leaves a copy behind.
    if (!error)
        error = take_token(answer, "access_token", out.access_token);
    if (error)
        return std::move(*error);
    return out;
}

std::optional<token_error> decode_token_error(std::string_view body) {
    auto const document = parse_document(body);
    auto const* const answer = document ? document->if_object() : nullptr;
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
