#include "io/token_reply.hpp"

#include "io/answer.hpp"
#include "io/issued_token.hpp"
#include "io/token_form.hpp"
#include "json/decode.hpp"
#include "protocol/http_date.hpp"
#include "protocol/token_error_advice.hpp"
#include "protocol/token_error_text.hpp"

#include <utility>

namespace allot {
namespace {

std::optional<std::chrono::seconds>
clock_offset_of(response_reader const& answer, std::chrono::system_clock::time_point now) {
    auto const here = std::chrono::floor<std::chrono::seconds>(now);
    auto const there = parse_http_date(answer.field("Date"), here);
    return there ? std::optional(*there - here) : std::nullopt;
}

failure no_token(token_attempt const& what, std::string const& why, std::string_view advice) {
    failure made;
    made.code = errc::token_unavailable;
    made.message = std::string(what.tried) + ": no access token from " + std::string(what.url) + ": " + why;
    if (!advice.empty())
        made.message.append("; ").append(advice);
    return made;
}

token_reply read_refused(response_reader const& answer, token_attempt const& what) {
    token_reply reply;
    reply.report.status = answer.status();
    reply.report.retry_after = read_retry_after(answer);
    if (auto found = decode_token_error(answer.body())) {
        redact_proof(*found, what.form);
        auto const said = with_codes(std::move(*found));
        reply.reason = no_token(what, to_text(said), advice_for(said));
        reply.reason.graph_code = said.error;
        if (may_pass(said))
            reply.report.status = 503;
    } else {
        reply.reason = no_token(
            what, "status " + std::to_string(answer.status()) + " without an OAuth error",
            advice_for_status(answer.status()));
    }
    // Only Graph's 401 asks for another token.
    if (reply.report.status == 401)
        reply.report.status = 400;
    return reply;
}

}

token_reply read_token_reply(response_reader const& answer, token_attempt const& what) {
    auto const clock_offset = clock_offset_of(answer, what.now);
    token_reply reply;
    if (answer.status() == 200) {
        reply.report.status = 200;
        auto token = decode_token_answer(answer.body());
        if (token) {
            reply.token = issued_token(std::move(*token), what.asked_at, what.now, clock_offset);
            return reply;
        }
        reply.reason =
            no_token(what, to_string(token.error()), "check that the token URL leads to a token endpoint");
    } else {
        reply = read_refused(answer, what);
    }
    if (auto const wrong = clock_advice(clock_offset); !wrong.empty())
        reply.reason.message += "; " + wrong;
    reply.reason.exchange.http_status = answer.status();
    return reply;
}

token_reply no_token_reply(failure why, token_attempt const& what) {
    token_reply reply;
    reply.report.transport = why.code;
    if (why.code == errc::cancelled) {
        reply.reason = std::move(why);
        return reply;
    }
    reply.reason = no_token(what, why.message, advice_for_transport(why.code));
    reply.reason.cause = why.cause;
    return reply;
}

}
