#include "protocol/proxy_connect_state.hpp"

#include "json/ascii.hpp"
#include "protocol/challenge.hpp"
#include "protocol/http_request.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace allot {
namespace {

/// Schemes whose names a message may repeat: another "scheme" could be an echo of what the proxy was sent.
constexpr std::array<std::string_view, 8> known_schemes{"Basic",    "Digest", "NTLM",   "Negotiate",
                                                        "Kerberos", "Bearer", "Mutual", "SCRAM-SHA-256"};

/// Names of offered schemes as above, each once, then "another scheme" if there are others.
std::vector<std::string_view> offered_schemes(response_reader const& answer) {
    std::vector<std::string_view> values;
    answer.for_each_field(
        "Proxy-Authenticate", [&values](std::string_view value) { values.push_back(value); });
    auto const offered = parse_challenges(values);
    auto const is_offered = [&offered](std::string_view name) {
        return std::ranges::any_of(
            offered, [name](challenge const& each) { return same_name(each.scheme, name); });
    };
    std::vector<std::string_view> out;
    std::ranges::copy_if(known_schemes, std::back_inserter(out), is_offered);
    bool const others = std::ranges::any_of(offered, [](challenge const& each) {
        return std::ranges::none_of(known_schemes, [&](auto name) { return same_name(each.scheme, name); });
    });
    if (others)
        out.emplace_back("another scheme");
    return out;
}

bool status_can_pass(int status) noexcept {
    constexpr std::array passing{408, 429, 500, 502, 503, 504};
    return std::ranges::find(passing, status) != passing.end();
}

}

proxy_connect_state::proxy_connect_state(
    std::string proxy, std::string target, std::string_view user_agent, secret const& authorization) :
    proxy_(std::move(proxy)),
    target_(std::move(target)),
    authorized_(!authorization.empty()),
    request_(write_connect(target_, user_agent, authorization.reveal())) {
    reader_.reset_for_connect();
}

proxy_step proxy_connect_state::resume(proxy_event const& event) {
    if (step_ == proxy_step::open || step_ == proxy_step::failed)
        return step_;
    switch (event.news) {
    case proxy_news::begun:
        break;
    case proxy_news::sent:
        step_ = proxy_step::receive;
        break;
    case proxy_news::received:
        step_ = take_answer(reader_.commit(event.size));
        break;
    case proxy_news::ended:
        step_ = fail(
            errc::connection_lost, reader_.started() ? "it closed the connection in the middle of its answer"
                                                     : "it closed the connection without an answer");
        break;
    case proxy_news::broken:
        step_ = fail(errc::connection_lost, "the connection to it broke: " + event.why.message(), event.why);
        break;
    case proxy_news::timed_out:
        step_ = fail(errc::timed_out, "no answer within the deadline");
        break;
    case proxy_news::cancelled:
        step_ = fail(errc::cancelled, "cancelled", boost::asio::error::operation_aborted);
        break;
    }
    return step_;
}

proxy_step proxy_connect_state::take_answer(read_status status) {
    switch (status) {
    case read_status::more:
        return proxy_step::receive;
    case read_status::done:
        return judge();
    case read_status::failed:
        break;
    }
    return fail(reader_.error(), "its answer breaks a rule of HTTP: " + std::string(reader_.reason()));
}

proxy_step proxy_connect_state::judge() {
    auto const status = reader_.status();
    auto const shown = "(" + std::to_string(status) + ")";
    if (status / 100 == 2)
        return proxy_step::open;
    if (status == 407)
        return fail(errc::proxy_refused, sign_in_advice());
    if (status == 403)
        return fail(
            errc::proxy_refused, "it does not allow this host " + shown +
                                     ": have it allowed there, or connect without the proxy (NO_PROXY)");
    if (status / 100 == 3)
        return fail(
            errc::proxy_refused,
            "it redirects " + shown +
                ", which is not followed: check the proxy's address, and whether it wants a "
                "sign-in on a page of its own first");
    if (status_can_pass(status))
        return fail(errc::connect_failed, "it could not connect there " + shown);
    return fail(
        errc::proxy_refused,
        "it refuses " + shown +
            ": check that this is the address of an HTTP proxy that allows CONNECT to this port");
}

std::string proxy_connect_state::sign_in_advice() const {
    auto const schemes = offered_schemes(reader_);
    bool const basic = std::ranges::find(schemes, "Basic") != schemes.end();
    if (basic && authorized_)
        return "it does not accept this user and password (407): correct the proxy's credentials";
    if (basic)
        return "it asks for a user and a password (407): give the proxy's credentials "
               "(--proxy-credentials-file, or USER:PASSWORD@ in HTTPS_PROXY)";
    std::string names;
    for (auto const name : schemes)
        names.append(names.empty() ? "" : ", ").append(name);
    return "it asks for a sign-in (407) and offers " + (names.empty() ? "no scheme for it" : names) +
           ", but only Basic is spoken: have it offer Basic, or go through a local proxy that signs in there";
}

proxy_step proxy_connect_state::fail(error_code code, std::string_view why, error_code cause) {
    reason_.code = code;
    reason_.cause = cause;
    reason_.message.append("proxy ").append(proxy_).append(", asked to connect to ").append(target_);
    reason_.message.append(": ").append(why);
    return proxy_step::failed;
}

}
