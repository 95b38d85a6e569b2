#include "json/answer_tree.hpp"
#include "json/ascii.hpp"
#include "json/decode.hpp"
#include "json/document_parser.hpp"
#include "json/scalars.hpp"

#include <boost/json/value.hpp>

#include <utility>

namespace allot {
namespace {

boost::json::object const* inner_error(boost::json::object const& error) {
    // Graph's pages spell it innerError and innererror.
    for (auto const& member : error) {
        if (same_name(member.key(), "innererror"))
            return member.value().if_object();
    }
    return nullptr;
}

std::string text_of(boost::json::object const& object, std::string_view name) {
    std::string out;
    auto const* const value = object.if_contains(name);
    if (value == nullptr)
        return out;
    if (auto const* text = value->if_string())
        out.assign(text->data(), text->size());
    else if (auto const* number = value->if_int64())
        append_integer(out, *number);
    return out;
}

void set_if_any(std::string& out, std::string text) {
    if (!text.empty())
        out = std::move(text);
}

}

std::optional<graph_error> decode_graph_error(std::string_view body) {
    auto const document = parse_document(body);
    return document ? graph_error_in(*document) : std::nullopt;
}

std::optional<graph_error> graph_error_in(boost::json::value const& document) {
    auto const* const root = document.if_object();
    auto const* const member = root == nullptr ? nullptr : root->if_contains("error");
    auto const* const error = member == nullptr ? nullptr : member->if_object();
    if (error == nullptr)
        return std::nullopt;
    graph_error out;
    out.code = text_of(*error, "code");
    out.message = text_of(*error, "message");
    for (auto const* level = error; level != nullptr; level = inner_error(*level)) {
        set_if_any(out.innermost_code, text_of(*level, "code"));
        set_if_any(out.request_id, text_of(*level, "request-id"));
        set_if_any(out.client_request_id, text_of(*level, "client-request-id"));
    }
    return out;
}

}
