#include "json/reference.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <utility>

namespace allot {

std::variant<reference_fields, std::string> decode_reference(std::string_view line) {
    boost::system::error_code error;
    auto const value = boost::json::parse(line, error);
    if (error)
        return "the line is not JSON: " + error.message();
    auto const* const object = value.if_object();
    if (object == nullptr)
        return std::string("the line is not a JSON object");

    reference_fields fields;
    std::pair<char const*, std::optional<std::string>*> const members[] = {
        {"assignmentId", &fields.assignment_id}, {"userId", &fields.user_id},
        {"groupId", &fields.group_id},           {"scope", &fields.scope},
        {"principalId", &fields.principal_id},
    };
    for (auto const& [name, target] : members) {
        auto const* const member = object->if_contains(name);
        if (member == nullptr || member->is_null())
            continue;
        auto const* const text = member->if_string();
        if (text == nullptr)
            return std::string(name) + " is not a string";
        target->emplace(text->data(), text->size());
    }
    return fields;
}

}
