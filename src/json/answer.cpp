#include "json/answer_tree.hpp"
#include "json/decode.hpp"
#include "json/direct_parser.hpp"
#include "json/document_parser.hpp"
#include "json/found.hpp"
#include "json/parse.hpp"
#include "json/required.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <utility>

namespace allot {
namespace {

using answer = decoded<std::optional<allotment>>;

answer decode_entity(boost::json::value const& entity, query const& options, char const* path) {
    auto const* const object = entity.if_object();
    auto error = object == nullptr ? std::nullopt : missing_of_allotment(*object, options);
    if (!error) {
        auto decoded_entity = decode<allotment>(entity);
        if (decoded_entity)
            return std::optional(std::move(*decoded_entity));
        error = decoded_entity.error();
    }
    error->path.insert(0, path);
    return std::move(*error);
}

}

// Graph documents an envelope, its metadata and generated clients the bare entity: what is there decides.
decoded<std::optional<allotment>> allotment_in(boost::json::value const& document, query const& options) {
    if (document.is_null())
        return std::optional<allotment>();
    auto const* const object = document.if_object();
    auto const* const content = object == nullptr ? nullptr : object->if_contains("value");
    if (content == nullptr)
        return decode_entity(document, options, "");
    if (content->is_null())
        return std::optional<allotment>();
    if (content->is_object())
        return decode_entity(*content, options, "/value");
    auto const* const elements = content->if_array();
    if (elements == nullptr)
        return decode_entity(document, options, "");
    if (elements->empty())
        return std::optional<allotment>();
    if (elements->size() == 1)
        return decode_entity(elements->front(), options, "/value/0");
    return decode_error{"/value", "at most one allotment", "an array of " + std::to_string(elements->size())};
}

decoded<allotment> decode_allotment(std::string_view json) {
    boost::json::error_code error;
    auto const value = boost::json::parse(json, error, {}, strict_json);
    if (error)
        return decode_error{"", "JSON", error.message()};
    return decode<allotment>(value);
}

struct allotment_decoder::state {
    unsigned char buffer[32 * 1024];
    boost::json::monotonic_resource tree{buffer};
    document_parser parser;

    direct_parser direct;

    answer decode_answer(std::string_view body, query const& options) {
        answer out;
        if (!direct.parse_answer(body, options, *out))
            out = decode_tree(body, options);
        return out;
    }

    answer decode_tree(std::string_view body, query const& options) {
        tree.release();
        auto const document = parser.parse(body, &tree);
        if (!document)
            return refused(body, document.error());
        return allotment_in(*document, options);
    }
};

allotment_decoder::allotment_decoder() : state_(std::make_unique<state>()) {}
allotment_decoder::allotment_decoder(allotment_decoder&&) noexcept = default;
allotment_decoder& allotment_decoder::operator=(allotment_decoder&&) noexcept = default;
allotment_decoder::~allotment_decoder() = default;

decoded<std::optional<allotment>>
allotment_decoder::decode_answer(std::string_view body, query const& options) {
    // The parser keeps the most memory it ever needed; a rare large answer shall not leave that behind.
    constexpr std::size_t usual_bytes = 64 * 1024;
    if (body.size() > usual_bytes)
        return std::make_unique<state>()->decode_answer(body, options);
    return state_->decode_answer(body, options);
}

}
