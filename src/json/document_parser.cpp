#include "json/document_parser.hpp"

#include "json/parse.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <cstdint>
#include <utility>

namespace allot {
namespace {

using boost::json::value;

/// The members of all objects within the value.
std::size_t members_within(value const& of) noexcept {
    std::size_t count = 0;
    if (auto const* const object = of.if_object()) {
        count = object->size();
        for (auto const& member : *object)
            if (member.value().is_structured())
                count += members_within(member.value());
    } else if (auto const* const array = of.if_array()) {
        for (auto const& element : *array)
            if (element.is_structured())
                count += members_within(element);
    }
    return count;
}

}

/// Makes the tree, as Boost.JSON's own does, and counts members as the text has them.
class document_parser::handler {
    using piece = boost::json::string_view;
    using error = boost::json::error_code;

public:
    static constexpr std::size_t max_object_size = boost::json::object::max_size();
    static constexpr std::size_t max_array_size = boost::json::array::max_size();
    static constexpr std::size_t max_key_size = boost::json::string::max_size();
    static constexpr std::size_t max_string_size = boost::json::string::max_size();

    explicit handler(boost::json::storage_ptr temporary) : stack_(std::move(temporary)) {}

    void reset(boost::json::storage_ptr tree) {
        stack_.reset(std::move(tree));
        members_ = 0;
    }
    value release() { return stack_.release(); }
    std::size_t members() const noexcept { return members_; }

    bool on_object_end(std::size_t size, error&) {
        members_ += size;
        stack_.push_object(size);
        return true;
    }
    bool on_array_end(std::size_t size, error&) {
        stack_.push_array(size);
        return true;
    }
    bool on_key_part(piece part, std::size_t, error&) {
        stack_.push_chars(part);
        return true;
    }
    bool on_key(piece part, std::size_t, error&) {
        stack_.push_key(part);
        return true;
    }
    bool on_string_part(piece part, std::size_t, error&) {
        stack_.push_chars(part);
        return true;
    }
    bool on_string(piece part, std::size_t, error&) {
        stack_.push_string(part);
        return true;
    }
    bool on_int64(std::int64_t number, piece, error&) {
        stack_.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, piece, error&) {
        stack_.push_uint64(number);
        return true;
    }
    bool on_double(double number, piece, error&) {
        stack_.push_double(number);
        return true;
    }
    bool on_bool(bool flag, error&) {
        stack_.push_bool(flag);
        return true;
    }
    bool on_null(error&) {
        stack_.push_null();
        return true;
    }

    bool on_document_begin(error&) { return true; }
    bool on_document_end(error&) { return true; }
    bool on_object_begin(error&) { return true; }
    bool on_array_begin(error&) { return true; }
    bool on_number_part(piece, error&) { return true; }
    bool on_comment_part(piece, error&) { return true; }
    bool on_comment(piece, error&) { return true; }

private:
    boost::json::value_stack stack_;
    std::size_t members_ = 0;
};

struct document_parser::state {
    explicit state(boost::json::storage_ptr temporary) : parser(strict_json, std::move(temporary)) {}

    boost::json::basic_parser<handler> parser;
};

document_parser::document_parser(boost::json::storage_ptr temporary) :
    state_(std::make_unique<state>(std::move(temporary))) {}
document_parser::document_parser(document_parser&&) noexcept = default;
document_parser& document_parser::operator=(document_parser&&) noexcept = default;
document_parser::~document_parser() = default;

boost::system::result<value, document_problem>
document_parser::parse(std::string_view text, boost::json::storage_ptr tree) {
    auto& parser = state_->parser;
    parser.reset();
    parser.handler().reset(std::move(tree));
    boost::json::error_code error;
    auto const offset = parser.write_some(false, text.data(), text.size(), error);
    if (!error && offset != text.size())
        error = boost::json::error::extra_data;
    if (error)
        return document_problem{error, offset};
    auto document = parser.handler().release();
    // Of members with the same name the tree has kept one.
    if (members_within(document) != parser.handler().members())
        return document_problem{{}, 0, true};
    return {boost::system::in_place_value, std::move(document)};
}

std::optional<value> parse_document(std::string_view text) {
    auto parsed = document_parser().parse(text);
    return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

}
