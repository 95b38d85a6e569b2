#include "json/batch_answer.hpp"

#include "json/answer_tree.hpp"
#include "json/direct_parser.hpp"
#include "json/document_parser.hpp"
#include "json/found.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <string>
#include <utility>

namespace allot {
namespace {

using boost::json::value;

class part_reader {
public:
    decode_error error;

    bool read(value const& from, std::size_t index, batch_part& out, value const*& body) {
        auto const* const response = from.if_object();
        if (response == nullptr)
            return fail(index, "", "an object", from);
        out.id = 0;
        out.status = 0;
        out.fields.clear();
        out.body = batch_part::body_kind::none;
        body = nullptr;
        bool has_id = false;
        for (auto const& member : *response) {
            std::string_view const name = member.key();
            auto const& content = member.value();
            bool good = true;
            if (name == "id")
                good = has_id = read_id(content, index, out);
            else if (name == "status")
                good = read_status(content, index, out);
            else if (name == "headers")
                good = read_fields(content, index, out);
            else if (name == "body") {
                out.body = content.is_string() ? batch_part::body_kind::text : batch_part::body_kind::json;
                body = &content;
            }
            if (!good)
                return false;
        }
        if (!has_id)
            return fail_for(index, "/id", "the required member", "nothing");
        return out.status != 0 || fail_for(index, "/status", "the required member", "nothing");
    }

private:
    bool read_id(value const& from, std::size_t index, batch_part& out) {
        auto const* const text = from.if_string();
        if (text == nullptr)
            return fail(index, "/id", "a string", from);
        out.id = decimal_id(*text);
        return true;
    }

    bool read_status(value const& from, std::size_t index, batch_part& out) {
        auto const* const number = from.if_int64();
        if (number == nullptr || *number < 100 || *number > 599)
            return fail(index, "/status", "an integer from 100 to 599", from);
        out.status = static_cast<int>(*number);
        return true;
    }

    bool read_fields(value const& from, std::size_t index, batch_part& out) {
        if (from.is_null())
            return true;
        auto const* const fields = from.if_object();
        if (fields == nullptr)
            return fail(index, "/headers", "an object", from);
        for (auto const& member : *fields)
            if (auto const* const text = member.value().if_string())
                out.fields.push_back({member.key(), *text});
        return true;
    }

    bool fail(std::size_t index, char const* member, char const* expected, value const& found) {
        return fail_for(index, member, expected, found_value(found));
    }
    bool fail_for(std::size_t index, char const* member, char const* expected, std::string found) {
        error = {"/responses/" + std::to_string(index) + member, expected, std::move(found)};
        return false;
    }
};

}

std::uint64_t decimal_id(std::string_view text) noexcept {
    std::uint64_t out = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, problem] = std::from_chars(text.data(), end, out);
    return problem == std::errc() && stop == end && !text.starts_with('0') ? out : 0;
}

struct batch_answer_decoder::state {
    // A tree takes about four times its text; what does not fit comes from the heap, and goes back with it.
    static constexpr std::size_t tree_to_text = 6;
    static constexpr std::size_t least_room = 64 * 1024;
    static constexpr std::size_t most_room = 2 * 1024 * 1024;

    std::unique_ptr<unsigned char[]> room;
    std::size_t room_size = 0;
    std::optional<boost::json::monotonic_resource> tree;
    document_parser parser;
    std::optional<value> document;
    direct_parser direct;
    direct_batch answer;              ///< parts and bodies behind its count keep their memory only
    std::vector<value const*> bodies; ///< of the tree
    std::string_view text;            ///< of the answer, until there is a tree of it

    void make_room() {
        document.reset();
        auto const wanted = std::bit_ceil(std::clamp(text.size() * tree_to_text, least_room, most_room));
        if (wanted <= room_size)
            return tree->release();
        tree.reset();
        room.reset(new unsigned char[wanted]);
        room_size = wanted;
        tree.emplace(room.get(), room_size);
    }

    bool has_tree() const noexcept { return document.has_value(); }

    std::optional<decode_error> read_tree() {
        answer.count = 0;
        make_room();
        auto parsed = parser.parse(text, &*tree);
        if (!parsed)
            return refused(text, parsed.error());
        document.emplace(std::move(*parsed));
        auto const* const envelope = document->if_object();
        if (envelope == nullptr)
            return decode_error{"", "an object", found_value(*document)};
        auto const* const content = envelope->if_contains("responses");
        if (content == nullptr)
            return decode_error{"/responses", "the required member", "nothing"};
        auto const* const responses = content->if_array();
        if (responses == nullptr)
            return decode_error{"/responses", "an array", found_value(*content)};
        if (answer.parts.size() < responses->size())
            answer.parts.resize(responses->size());
        bodies.resize(responses->size());
        part_reader in;
        for (auto const& each : *responses) {
            if (!in.read(each, answer.count, answer.parts[answer.count], bodies[answer.count]))
                return std::move(in.error);
            ++answer.count;
        }
        return std::nullopt;
    }
};

batch_answer_decoder::batch_answer_decoder() : state_(std::make_unique<state>()) {}
batch_answer_decoder::batch_answer_decoder(batch_answer_decoder&&) noexcept = default;
batch_answer_decoder& batch_answer_decoder::operator=(batch_answer_decoder&&) noexcept = default;
batch_answer_decoder::~batch_answer_decoder() = default;

decoded<std::span<batch_part const>> batch_answer_decoder::decode(std::string_view body) {
    auto& own = *state_;
    own.document.reset();
    own.text = body;
    if (!own.direct.parse_batch(body, own.answer))
        if (auto error = own.read_tree())
            return std::move(*error);
    return std::span<batch_part const>(own.answer.parts.data(), own.answer.count);
}

decoded<std::optional<allotment>>
batch_answer_decoder::allotment_of(std::size_t index, query const& options) {
    auto& own = *state_;
    if (own.answer.parts[index].body == batch_part::body_kind::none)
        return decode_error{"", "a body", "none"};
    if (!own.has_tree()) {
        auto& body = own.answer.bodies[index];
        if (body.outcome.none)
            return std::optional<allotment>();
        if (own.answer.parts[index].body == batch_part::body_kind::json && body.outcome.is_complete(options))
            return std::move(body.found);
        // It parses, as it did before; what is wrong with the body is for the tree to say.
        own.read_tree();
    }
    return allotment_in(*own.bodies[index], options);
}

std::optional<graph_error> batch_answer_decoder::error_of(std::size_t index) const {
    auto const& own = *state_;
    // What was parsed directly is no error.
    auto const* const body = own.has_tree() ? own.bodies[index] : nullptr;
    return body == nullptr ? std::nullopt : graph_error_in(*body);
}

}
