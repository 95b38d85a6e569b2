#include "io/answer.hpp"

#include "protocol/challenge.hpp"
#include "protocol/next_link.hpp"
#include "protocol/retry_after.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

namespace allot {
namespace {

constexpr int no_content = 204;

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

errc code_of_status(int status) {
    switch (status) {
    case 401:
        return errc::unauthorized;
    case 403:
        return errc::forbidden;
    case 404:
        return errc::not_found;
    case 429:
    case 509:
        return errc::throttled;
    case 408:
        return errc::server_error;
    default:
        break;
    }
    if (status >= 500)
        return errc::server_error;
    if (status >= 400)
        return errc::request_rejected;
    return status >= 300 ? errc::redirected : errc::bad_body;
}

/// A host from the peer's text, for a message: anything unusual in it is not repeated.
std::string location_host(std::string_view location) {
    auto const parsed = boost::urls::parse_uri_reference(location);
    if (!parsed)
        return "a place that is no URI";
    if (!parsed->has_authority())
        return "the same host";
    return std::string(parsed->encoded_host().data(), parsed->encoded_host().size());
}

/// Error bodies of gateways are often not JSON; their beginning still helps.
std::string first_words(std::string_view body) {
    constexpr std::size_t most = 120;
    std::string out(body.substr(0, most));
    std::replace_if(
        out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c > 0x7e; }, ' ');
    return body.size() > most ? out + "..." : out;
}

/// The link to a page may have kilobytes.
std::string shortened(std::string_view target) {
    constexpr std::size_t most = 1024;
    return std::string(target.substr(0, most)) + (target.size() > most ? "..." : "");
}

failure bad_body(std::string message) {
    failure made;
    made.code = errc::bad_body;
    made.message = std::move(message);
    return made;
}

failure no_allotment() {
    failure made;
    made.code = errc::no_allotment;
    made.message = "the assignment has no allotment";
    return made;
}

failure not_json(response_reader const& answer) {
    return bad_body("the answer is not JSON; it begins: " + first_words(answer.body()));
}

template <class Answer>
std::vector<std::string_view> values_of(Answer const& answer, std::string_view name) {
    std::vector<std::string_view> values;
    answer.for_each_field(name, [&values](std::string_view value) { values.push_back(value); });
    return values;
}

template <class Answer>
void read_challenge(Answer const& answer, failure& made, attempt_report& report) {
    auto found = find_bearer_challenge(values_of(answer, "WWW-Authenticate"));
    if (!found || found->claims.empty())
        return;
    if (found->error_description.find("LocationConditionEvaluationSatisfied") != std::string::npos)
        made.message += "; a Conditional Access policy refuses the address this request came from, which no "
                        "other token changes: send from an allowed address";
    else
        report.claims = std::move(found->claims);
}

std::optional<graph_error> said_by(response_reader const& answer) {
    return decode_graph_error(answer.body());
}
std::optional<graph_error> said_by(part_answer const& answer) {
    return answer.said();
}

template <class Answer>
std::string_view scope_of(Answer const& answer) {
    auto const scope = answer.field("x-ms-throttle-scope");
    return scope.substr(0, scope.find('/', scope.find('/') + 1));
}

/// Which limit was reached, where Graph says so: "Tenant_Application/ReadWrite, ResourceUnitLimitExceeded".
template <class Answer>
std::string reached_limit(Answer const& answer) {
    auto out = first_words(scope_of(answer));
    if (auto const why = answer.field("x-ms-throttle-information"); !why.empty())
        out += (out.empty() ? "" : ", ") + first_words(why);
    return out.empty() ? out : "; the limit reached: " + out;
}

bool is_number(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

}

std::string_view throttle_scope(response_reader const& answer) {
    return scope_of(answer);
}

std::string_view throttle_scope(part_answer const& answer) {
    return scope_of(answer);
}

bool is_json(std::string_view content_type) noexcept {
    auto type = content_type.substr(0, content_type.find(';'));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t'))
        type.remove_suffix(1);
    constexpr std::string_view usual = "application/json";
    return type == usual || equal_ignoring_case(type, usual);
}

namespace {

std::optional<failure>
take(decoded<std::optional<allotment>>&& decoded_answer, std::optional<allotment>& found) {
    if (!decoded_answer)
        return bad_body("the answer is no allotment: " + to_string(decoded_answer.error()));
    found = std::move(*decoded_answer);
    if (!found)
        return no_allotment();
    return std::nullopt;
}

}

std::optional<failure> read_allotment(
    response_reader const& answer, allotment_decoder& decoder, query const& options,
    std::optional<allotment>& found) {
    if (answer.status() == no_content)
        return no_allotment();
    if (!is_json(answer.field("Content-Type")))
        return not_json(answer);
    return take(decoder.decode_answer(answer.body(), options), found);
}

std::optional<failure>
read_allotment(part_answer const& answer, query const& options, std::optional<allotment>& found) {
    if (answer.status() == no_content)
        return no_allotment();
    // Graph's page has answers without fields: what stands there as JSON is JSON.
    auto const type = answer.field("Content-Type");
    if (answer.is_text() || (!type.empty() && !is_json(type)))
        return bad_body(
            "the answer is not JSON but of the type " + first_words(type.empty() ? "text" : type));
    return take(answer.allotment_of(options), found);
}

result<std::span<batch_part const>>
read_envelope(response_reader const& answer, batch_answer_decoder& decoder) {
    if (answer.status() == no_content)
        return bad_body("the answer to a batch has no content (204)");
    if (!is_json(answer.field("Content-Type")))
        return not_json(answer);
    auto parts = decoder.decode(answer.body());
    if (!parts)
        return bad_body("the answer is none to a batch: " + to_string(parts.error()));
    return *parts;
}

std::optional<failure> read_page(
    response_reader const& answer, query const& options, origin const& from, std::string_view target,
    std::optional<assignment_page>& found) {
    if (answer.status() == no_content)
        return bad_body("the answer is no list of assignments: it has no content (204)");
    if (!is_json(answer.field("Content-Type")))
        return not_json(answer);
    auto page = decode_assignment_page(answer.body(), options);
    if (!page)
        return bad_body("the answer is no list of assignments: " + to_string(page.error()));
    if (!page->next_link.empty()) {
        auto const next = next_link_target(page->next_link, from);
        if (!next)
            return next.error();
        if (*next == target)
            return bad_body("the link to the next page leads to the same page again");
    }
    found = std::move(*page);
    return std::nullopt;
}

namespace {

template <class Answer>
std::optional<std::chrono::milliseconds> retry_after_in(Answer const& answer) {
    auto const values = values_of(answer, "Retry-After");
    if (values.empty())
        return std::nullopt;
    std::optional<std::string_view> date;
    if (auto const field = answer.field("Date"); !field.empty())
        date = field;
    return parse_retry_after(
        values, date, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

template <class Answer>
failure
refusal_in(Answer const& answer, origin const& from, std::string_view target, attempt_report& report) {
    auto const status = answer.status();
    failure made;
    made.code = code_of_status(status);
    made.message = "GET https://" + from.host_field + shortened(target) + ": ";
    if (status < 300)
        made.message += "an answer with another status than 200 or 204";
    else if (status < 400)
        made.message +=
            "redirected to " + location_host(answer.field("Location")) + ", which is not followed";
    else if (auto const said = said_by(answer)) {
        auto const& inner = said->innermost_code;
        made.graph_code = inner.empty() || is_number(inner) ? said->code : inner;
        made.message += said->message.empty() ? made.code.message() : said->message;
    } else {
        made.message += made.code.message();
        if (!answer.body().empty())
            made.message += ": " + first_words(answer.body());
    }
    made.message += reached_limit(answer);
    if (status == 401 || status == 403)
        read_challenge(answer, made, report);
    report.retry_after = retry_after_in(answer);
    report.concurrency_violation = status == 409 && made.graph_code == "Directory_ConcurrencyViolation";
    return made;
}

}

failure read_refusal(
    response_reader const& answer, origin const& from, std::string_view target, attempt_report& report) {
    return refusal_in(answer, from, target, report);
}

failure
read_refusal(part_answer const& answer, origin const& from, std::string_view target, attempt_report& report) {
    return refusal_in(answer, from, target, report);
}

std::optional<std::chrono::milliseconds> read_retry_after(response_reader const& answer) {
    return retry_after_in(answer);
}

departure departure_of(attempt_report const& report) {
    if (report.transport)
        return {report.transport == errc::timed_out ? departure_kind::timed_out : departure_kind::failed, {}};
    if (report.status == 429 || report.status == 509 || (report.status == 503 && report.retry_after))
        return {departure_kind::throttled, report.retry_after};
    return {report.status >= 500 ? departure_kind::failed : departure_kind::answered, {}};
}

}
