#include "protocol/http_request.hpp"

#include <allot/secret.hpp>

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/serializer.hpp>

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace allot {
namespace {

namespace http = boost::beast::http;

using request_header = http::request<http::empty_body>;

constexpr std::string_view get_method = "GET ";
constexpr std::string_view post_method = "POST ";
constexpr std::string_view before_token = "Authorization: Bearer ";
constexpr std::string_view before_id = "\r\nclient-request-id: ";
constexpr std::string_view before_trace = "\r\ntraceparent: ";
constexpr std::string_view before_length = "\r\nContent-Length: ";
constexpr std::string_view end_of_header = "\r\n\r\n";

request_header
header(http::verb verb, std::string_view target, origin const& to, std::string_view user_agent) {
    assert(is_field_value(to.host_field) && is_field_value(user_agent));
    request_header out(verb, target, 11);
    out.set(http::field::host, to.host_field);
    out.set(http::field::user_agent, user_agent);
    out.set(http::field::accept, "application/json");
    return out;
}

std::string serialized(request_header const& header) {
    std::string out;
    http::request_serializer<http::empty_body> serializer(header);
    while (!serializer.is_done()) {
        boost::beast::error_code error;
        serializer.next(error, [&](boost::beast::error_code&, auto const& buffers) {
            for (auto const piece : boost::beast::buffers_range_ref(buffers))
                out.append(static_cast<char const*>(piece.data()), piece.size());
            serializer.consume(boost::beast::buffer_bytes(buffers));
        });
        assert(!error);
    }
    return out;
}

bool is_visible(char c) {
    auto const byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f;
}

bool is_token_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/").find(c) != std::string_view::npos;
}

}

bool is_field_value(std::string_view text) noexcept {
    return !text.empty() && is_visible(text.front()) && is_visible(text.back()) &&
           std::all_of(
               text.begin(), text.end(), [](char c) { return is_visible(c) || c == ' ' || c == '\t'; });
}

bool is_bearer_token(std::string_view text) noexcept {
    text = text.substr(0, text.find_last_not_of('=') + 1);
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

request_template::request_template(
    origin const& to, std::string_view user_agent, std::string_view throttle_priority,
    std::string_view accept_encoding) :
    method_(get_method) {
    auto fields = header(http::verb::get, "/", to, user_agent);
    // Without it Graph hides enum members newer than the API's first version.
    fields.set(http::field::prefer, "include-unknown-enum-members");
    if (!throttle_priority.empty()) {
        assert(is_field_value(throttle_priority));
        fields.set("x-ms-throttle-priority", throttle_priority);
    }
    if (!accept_encoding.empty()) {
        assert(is_field_value(accept_encoding));
        fields.set(http::field::accept_encoding, accept_encoding);
    }
    after_target_ = serialized(fields);
    after_target_.erase(0, get_method.size() + 1);
    after_target_.resize(after_target_.size() - 2);
    after_target_ += before_token;
}

request_template
request_template::post(origin const& to, std::string_view user_agent, std::string_view throttle_priority) {
    request_template out(to, user_agent, throttle_priority);
    out.method_ = post_method;
    out.after_target_.insert(
        out.after_target_.size() - before_token.size(), "Content-Type: application/json\r\n");
    return out;
}

void request_template::write(
    std::string& out, std::string_view target, std::string_view bearer_token,
    std::string_view client_request_id, std::string_view traceparent, std::string_view content) const {
    assert(target.starts_with('/') && std::all_of(target.begin(), target.end(), is_visible));
    assert(is_bearer_token(bearer_token) && is_field_value(client_request_id));
    assert(traceparent.empty() || is_field_value(traceparent));
    bool const has_content = method_ != get_method;
    auto const length = has_content ? std::to_string(content.size()) : std::string();
    auto const size = method_.size() + target.size() + after_target_.size() + bearer_token.size() +
                      before_id.size() + client_request_id.size() + before_trace.size() + traceparent.size() +
                      before_length.size() + length.size() + end_of_header.size() + content.size();
    if (size > out.capacity()) {
        // What growing leaves behind holds the token of an earlier request.
        wipe(out);
        out.reserve(size);
    }
    out.assign(method_);
    out += target;
    out += after_target_;
    out += bearer_token;
    out += before_id;
    out += client_request_id;
    if (!traceparent.empty())
        out.append(before_trace).append(traceparent);
    if (has_content)
        out.append(before_length).append(length);
    out += end_of_header;
    out += content;
}

std::string write_get(
    origin const& to, std::string_view target, std::string_view user_agent,
    std::span<request_field const> fields) {
    assert(target.starts_with('/') && std::all_of(target.begin(), target.end(), is_visible));
    auto const head = serialized(header(http::verb::get, target, to, user_agent));
    auto size = head.size();
    for (auto const& field : fields)
        size += field.name.size() + field.value.size() + 4;
    std::string out;
    out.reserve(size);
    out.assign(head, 0, head.size() - 2);
    for (auto const& field : fields) {
        assert(is_field_value(field.value));
        out += field.name;
        out += ": ";
        out += field.value;
        out += "\r\n";
    }
    out += "\r\n";
    return out;
}

std::string write_post(
    origin const& to, std::string_view content_type, std::string_view body, std::string_view user_agent) {
    assert(is_field_value(content_type));
    auto fields = header(http::verb::post, to.base_path, to, user_agent);
    fields.set(http::field::content_type, content_type);
    fields.content_length(body.size());
    auto const head = serialized(fields);
    std::string out;
    out.reserve(head.size() + body.size());
    out += head;
    out += body;
    return out;
}

std::string
write_connect(std::string_view target, std::string_view user_agent, std::string_view proxy_authorization) {
    constexpr std::string_view name = "Proxy-Authorization: ";
    assert(is_field_value(target) && is_field_value(user_agent));
    request_header fields(http::verb::connect, target, 11);
    fields.set(http::field::host, target);
    fields.set(http::field::user_agent, user_agent);
    auto const head = serialized(fields);
    std::string out;
    out.reserve(head.size() + name.size() + proxy_authorization.size() + 2);
    out.assign(head, 0, head.size() - 2);
    if (!proxy_authorization.empty()) {
        assert(is_field_value(proxy_authorization));
        out.append(name).append(proxy_authorization).append("\r\n");
    }
    out += "\r\n";
    return out;
}

}
