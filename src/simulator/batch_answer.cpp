#include "simulator/batch_answer.hpp"

#include "base/base64.hpp"
#include "simulator/json_writer.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <string_view>

namespace allot::simulation {
namespace {

bool is_of_envelope(std::string_view name) noexcept {
    constexpr std::string_view names[] = {"request-id", "client-request-id", "x-ms-ags-diagnostic"};
    return std::any_of(
        std::begin(names), std::end(names), [name](auto each) { return same_name(each, name); });
}

std::string in_lower_case(std::string text) {
    for (auto& each : text)
        if (each >= 'A' && each <= 'Z')
            each = static_cast<char>(each - 'A' + 'a');
    return text;
}

void write_part_fields(json_writer& json, batch_part const& part) {
    auto const& fields = part.answer.fields;
    json.key("headers").begin_object();
    for (auto at = fields.begin(); at != fields.end(); ++at) {
        auto const is_same = [at](field const& each) { return same_name(each.name, at->name); };
        if (is_of_envelope(at->name) || std::any_of(fields.begin(), at, is_same))
            continue;
        // An object has each name once; RFC 9110 section 5.3 says how values of one name join.
        auto value = at->value;
        for (auto next = std::find_if(at + 1, fields.end(), is_same); next != fields.end();
             next = std::find_if(next + 1, fields.end(), is_same))
            value += ", " + next->value;
        json.text_member(part.lower_case ? in_lower_case(at->name) : at->name, value);
    }
    json.end_object();
}

bool is_json(batch_part const& part) {
    auto const& fields = part.answer.fields;
    auto const type = std::find_if(
        fields.begin(), fields.end(), [](field const& each) { return same_name(each.name, "Content-Type"); });
    if (type == fields.end() || type->value.find("json") == std::string::npos)
        return false;
    boost::json::error_code failed;
    if (!part.checked)
        boost::json::parse(*part.answer.body, failed);
    return !failed;
}

}

std::string batch_body(std::vector<batch_part> const& parts) {
    std::string out;
    json_writer json(out);
    json.begin_object().key("responses").begin_array();
    for (auto const& each : parts) {
        json.begin_object().text_member("id", each.id).number_member("status", each.answer.status);
        write_part_fields(json, each);
        auto const& body = each.answer.body;
        if (body && !body->empty() && each.answer.status != 204) {
            json.key("body");
            is_json(each) ? json.json(*body) : json.text(base64_encode(*body));
        }
        json.end_object();
    }
    json.end_array().end_object();
    return out;
}

}
