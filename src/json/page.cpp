#include "json/decode.hpp"
#include "json/document_parser.hpp"
#include "json/found.hpp"
#include "json/required.hpp"
#include "model/expansion.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <utility>

namespace allot {
namespace {

using boost::json::value;

constexpr char const* link_member = "@odata.nextLink";

std::optional<decode_error> below(char const* member, std::optional<decode_error> error) {
    if (error)
        error->path.insert(0, member);
    return error;
}

std::optional<decode_error>
missing_member(value const& element, query const& options, query const& of_allotment) {
    auto const* const entity = element.if_object();
    // What is no object is refused where its type is read.
    if (entity == nullptr)
        return std::nullopt;
    auto error = missing_of_assignment(*entity, options);
    auto const* const expanded = entity->if_contains("allotment");
    auto const* const allotment = expanded == nullptr ? nullptr : expanded->if_object();
    if (!error && allotment != nullptr)
        error = below("/allotment", missing_of_allotment(*allotment, of_allotment));
    return error;
}

decoded<assignment> decode_element(value const& element, query const& options, query const& of_allotment) {
    if (auto error = missing_member(element, options, of_allotment))
        return std::move(*error);
    auto made = decode<assignment>(element);
    if (made && made->id && made->id->empty())
        return decode_error{"/id", "a string that is not empty", found_value(element.at("id"))};
    return made;
}

std::optional<decode_error> read_link(boost::json::object const& page, std::string& out) {
    auto const* const link = page.if_contains(link_member);
    if (link == nullptr || link->is_null())
        return std::nullopt;
    auto const* const text = link->if_string();
    if (text == nullptr || text->empty())
        return decode_error{'/' + std::string(link_member), "a URL", found_value(*link)};
    out.assign(text->data(), text->size());
    return std::nullopt;
}

decoded<assignment_page> decode_page(value const& document, query const& options) {
    auto const* const page = document.if_object();
    if (page == nullptr)
        return decode_error{"", "an object", found_value(document)};
    auto const* const content = page->if_contains("value");
    if (content == nullptr)
        return decode_error{"/value", "the required member", "nothing"};
    auto const* const elements = content->if_array();
    if (elements == nullptr)
        return decode_error{"/value", "an array", found_value(*content)};

    assignment_page out;
    if (auto error = read_link(*page, out.next_link))
        return std::move(*error);
    out.assignments.reserve(elements->size());
    auto const of_allotment = selected_within(options, "allotment");
    for (auto const& element : *elements) {
        auto made = decode_element(element, options, of_allotment);
        if (!made) {
            auto error = std::move(made).error();
            error.path.insert(0, "/value/" + std::to_string(out.assignments.size()));
            return error;
        }
        out.assignments.push_back(std::move(*made));
    }
    return out;
}

}

decoded<assignment_page> decode_assignment_page(std::string_view body, query const& options) {
    boost::json::monotonic_resource tree;
    document_parser parser;
    auto const document = parser.parse(body, &tree);
    if (!document)
        return refused(body, document.error());
    return decode_page(*document, options);
}

}
