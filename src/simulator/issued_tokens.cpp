#include "simulator/issued_tokens.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace allot::simulation {
namespace {

/// A value deep in an object, or null.
boost::json::value const*
find(boost::json::value const* from, std::initializer_list<std::string_view> names) {
    for (auto const name : names) {
        auto const* const object = from ? from->if_object() : nullptr;
        from = object ? object->if_contains(name) : nullptr;
    }
    return from;
}

bool declares_cp1(boost::json::value const& claims) {
    auto const* const values = find(&claims, {"access_token", "xms_cc", "values"});
    auto const* const list = values ? values->if_array() : nullptr;
    return list && std::any_of(list->begin(), list->end(), [](boost::json::value const& each) {
               return each.is_string() && each.get_string() == "cp1";
           });
}

std::string not_before_of(boost::json::value const& claims) {
    auto const* const value = find(&claims, {"access_token", "nbf", "value"});
    auto const* const text = value ? value->if_string() : nullptr;
    constexpr std::size_t longest = 20; // of a 64-bit number; nothing longer is kept
    return text && text->size() <= longest ? std::string(*text) : std::string();
}

}

void issued_tokens::add(
    std::string token, instant now, std::chrono::seconds lifetime, std::string_view claims) {
    while (!by_end_.empty() && by_end_.begin()->first <= now.steady) {
        by_token_.erase(by_end_.begin()->second);
        by_end_.erase(by_end_.begin());
    }
    boost::json::error_code failed;
    auto const asked = boost::json::parse(claims, failed);
    token_state state{now.steady + lifetime, !failed && declares_cp1(asked), {}, revocations_};
    if (!failed)
        state.not_before = not_before_of(asked);
    by_end_.emplace(state.expires_at, token);
    by_token_.emplace(std::move(token), std::move(state));
}

void issued_tokens::revoke(instant now) {
    ++revocations_;
    auto const seconds = std::chrono::floor<std::chrono::seconds>(now.wall.time_since_epoch());
    // Revoked twice in a second, it is still another moment.
    not_before_ = std::to_string(seconds.count() + static_cast<std::int64_t>(revocations_));
}

issued_tokens::verdict
issued_tokens::check(std::string_view token, std::chrono::steady_clock::time_point now) const {
    auto const found = by_token_.find(std::string(token));
    if (found == by_token_.end() || found->second.expires_at <= now)
        return verdict::refused;
    auto const& state = found->second;
    if (revocations_ == 0)
        return verdict::good;
    if (state.declares_cp1)
        return state.not_before == not_before_ ? verdict::good : verdict::challenged;
    return state.revocations == revocations_ ? verdict::good : verdict::refused;
}

std::string issued_tokens::claims() const {
    return R"({"access_token":{"nbf":{"essential":true,"value":")" + not_before_ + R"("}}})";
}

}
