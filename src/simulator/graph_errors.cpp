#include "simulator/graph_errors.hpp"

#include "base/base64.hpp"
#include "simulator/json_writer.hpp"

#include <memory>
#include <string>
#include <utility>

namespace allot::simulation {
namespace {

struct status_text {
    unsigned status;
    std::string_view code;
    std::string_view message;
};

constexpr status_text texts[] = {
    {400, "BadRequest", "The request is not valid."},
    {401, "InvalidAuthenticationToken", "Access token is empty, expired or not valid."},
    {403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."},
    {404, "itemNotFound", "The resource could not be found."},
    {405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target."},
    {408, "requestTimeout", "The request timed out."},
    {409, "Directory_ConcurrencyViolation", "The directory object was changed by another request."},
    {424, "failedDependency", "A request that this one depends on has failed."},
    {429, "TooManyRequests", "Please retry again later."},
    {500, "generalException", "An unexpected error occurred."},
    {501, "notSupported", "The request is not supported by the system."},
    {502, "BadGateway", "The gateway received no valid answer."},
    {503, "serviceNotAvailable", "The service is temporarily unavailable."},
    {504, "GatewayTimeout", "The gateway received no answer in time."},
    {509, "activityLimitReached", "The bandwidth limit has been exceeded."},
};

constexpr std::string_view challenge_parameters =
    "realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", "
    "client_id=\"00000003-0000-0000-c000-000000000000\"";

}

reply graph_error(exchange const& of, unsigned status, std::string_view code, std::string_view message) {
    std::string body;
    json_writer json(body);
    json.begin_object().key("error").begin_object();
    json.text_member("code", code).text_member("message", message);
    json.key("innerError").begin_object();
    json.text_member("date", graph_date(of.at.wall)).text_member("request-id", of.request_id);
    json.text_member("client-request-id", of.client_request_id);
    json.end_object().end_object().end_object();
    return {status, graph_fields(of), std::make_shared<std::string const>(std::move(body))};
}

reply graph_error(exchange const& of, unsigned status) {
    status_text const* text = nullptr;
    for (auto const& each : texts)
        if (each.status == status)
            text = &each;
    auto out = text ? graph_error(of, status, text->code, text->message)
                    : graph_error(of, status, "generalException", reason_phrase(status));
    if (status == 401)
        out.fields.push_back({"WWW-Authenticate", "Bearer " + std::string(challenge_parameters)});
    return out;
}

std::string claims_challenge(std::string_view claims) {
    std::string const parameters(challenge_parameters);
    return "PoP " + parameters + ", Bearer " + parameters + ", error=\"insufficient_claims\", claims=\"" +
           base64_encode(claims) + '"';
}

std::vector<field> graph_fields(exchange const& of) {
    return {
        {"Cache-Control", "no-cache"},
        {"Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;"
                         "IEEE754Compatible=false;charset=utf-8"},
        {"OData-Version", "4.0"},
        {"request-id", of.request_id},
        {"client-request-id", of.client_request_id},
        {"x-ms-ags-diagnostic", R"({"ServerInfo":{"DataCenter":"Simulator","Slice":"E","Ring":"1",)"
                                R"("ScaleUnit":"001","RoleInstance":"SIMULATOR0001"}})"},
        {"x-ms-resource-unit", "1"},
    };
}

}
