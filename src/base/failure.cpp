#include <allot/failure.hpp>

#include <utility>

namespace allot {

char const* to_string(end_reason value) noexcept {
    switch (value) {
    case end_reason::permanent:
        return "permanent";
    case end_reason::attempts:
        return "attempts";
    case end_reason::deadline:
        return "deadline";
    case end_reason::cancelled:
        return "cancelled";
    case end_reason::parked:
        return "parked";
    }
    return "unknown";
}

std::string to_string(failure const& value) {
    std::string out = value.message.empty() ? value.code.message() : value.message;
    std::string facts;
    auto add = [&facts](char const* name, std::string const& text) {
        if (text.empty())
            return;
        facts += facts.empty() ? " (" : ", ";
        facts += name;
        facts += ' ';
        facts += text;
    };
    if (value.exchange.http_status != 0)
        add("status", std::to_string(value.exchange.http_status));
    add("code", value.graph_code);
    add("request-id", value.exchange.request_id);
    add("client-request-id", value.exchange.client_request_id);
    if (value.exchange.attempts > 1)
        add("attempts", std::to_string(value.exchange.attempts));
    return facts.empty() ? out : out + facts + ")";
}

failure_error::failure_error(failure value) :
    system_error(value.code, to_string(value)),
    failure_(std::move(value)) {}

void throw_exception_from_error(failure const& value, boost::source_location const&) {
    throw failure_error(value);
}

}
