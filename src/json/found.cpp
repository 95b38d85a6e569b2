#include "json/found.hpp"

#include "json/doubled_name.hpp"
#include "json/scalars.hpp"
#include "model/printable.hpp"

#include <boost/json/value.hpp>

namespace allot {

std::string found_value(boost::json::value const& value) {
    std::string out = "the number ";
    switch (value.kind()) {
    case boost::json::kind::null:
        return "null";
    case boost::json::kind::bool_:
        return value.get_bool() ? "true" : "false";
    case boost::json::kind::int64:
        append_integer(out, value.get_int64());
        return out;
    case boost::json::kind::uint64:
        append_integer(out, value.get_uint64());
        return out;
    case boost::json::kind::double_:
        append_double(out, value.get_double());
        return out;
    case boost::json::kind::string:
        return "the string " + printable(std::string_view(value.get_string()));
    case boost::json::kind::array:
        return "an array";
    case boost::json::kind::object:
        return "an object";
    }
    return "nothing";
}

std::string found_kind(boost::json::value const& value) {
    if (auto const* text = value.if_string())
        return "a string of " + std::to_string(text->size()) + " bytes";
    if (value.is_number())
        return "a number";
    return value.is_bool() ? "a boolean" : found_value(value);
}

decode_error refused(std::string_view text, document_problem const& why) {
    if (why.doubled_name)
        return {
            "", "objects with each name once",
            "the name " + printable(doubled_name(text).value_or("")) + " twice"};
    constexpr std::size_t shown = 32;
    return {
        "", "JSON",
        printable(text, shown) + " (" + why.why.message() + " at byte " + std::to_string(why.offset) + ')'};
}

}
