#include "json/members.hpp"

#include <boost/json/value.hpp>

namespace allot {

boost::json::value const* present_member(boost::json::object const& object, std::string_view name) noexcept {
    auto const* const found = object.if_contains(name);
    return found == nullptr || found->is_null() ? nullptr : found;
}

std::string text_member(boost::json::object const& object, std::string_view name) {
    auto const* const found = object.if_contains(name);
    auto const* const text = found == nullptr ? nullptr : found->if_string();
    return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

}
