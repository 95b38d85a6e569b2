#include "json/claims.hpp"

#include "json/document_parser.hpp"
#include "json/found.hpp"
#include "json/text.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace allot {
namespace {

constexpr std::string_view answers_challenges = "cp1";

decoded<boost::json::object> read_challenge(std::string_view challenge) {
    if (challenge.empty())
        return boost::json::object();
    if (challenge.size() > most_claims_bytes) {
        return decode_error{
            "", "claims of at most " + std::to_string(most_claims_bytes) + " bytes",
            std::to_string(challenge.size()) + " bytes"};
    }
    auto document = document_parser().parse(challenge);
    if (!document)
        return refused(challenge, document.error());
    if (!document->is_object())
        return decode_error{"", "an object of claims", found_value(*document)};
    return std::move(document->get_object());
}

// The member of this name, made where it is missing or null.
boost::json::value& made_member(boost::json::object& parent, std::string_view name, boost::json::kind kind) {
    auto& member = parent[name];
    if (member.is_null() && kind == boost::json::kind::object)
        member.emplace_object();
    else if (member.is_null())
        member.emplace_array();
    return member;
}

std::optional<decode_error> add_capability(boost::json::object& claims) {
    using boost::json::kind;
    auto& token = made_member(claims, "access_token", kind::object);
    if (!token.is_object())
        return decode_error{"/access_token", "an object", found_value(token)};
    auto& capabilities = made_member(token.get_object(), "xms_cc", kind::object);
    if (!capabilities.is_object())
        return decode_error{"/access_token/xms_cc", "an object", found_value(capabilities)};
    auto& values = made_member(capabilities.get_object(), "values", kind::array);
    if (!values.is_array())
        return decode_error{"/access_token/xms_cc/values", "an array", found_value(values)};
    auto& list = values.get_array();
    if (std::ranges::find(list, boost::json::value(answers_challenges)) == list.end())
        list.emplace_back(answers_challenges);
    return std::nullopt;
}

}

decoded<std::string> merge_claims(std::string_view challenge, client_capability capability) {
    auto claims = read_challenge(challenge);
    if (!claims)
        return claims.error();
    if (capability == client_capability::cp1) {
        if (auto error = add_capability(*claims))
            return std::move(*error);
    }
    if (claims->empty())
        return decoded<std::string>(boost::system::in_place_value);
    std::string out;
    append_json(out, *claims);
    if (out.size() > most_claims_bytes) {
        return decode_error{
            "", "claims that stay within " + std::to_string(most_claims_bytes) + " bytes with the capability",
            std::to_string(out.size()) + " bytes"};
    }
    return decoded<std::string>(boost::system::in_place_value, std::move(out));
}

}
