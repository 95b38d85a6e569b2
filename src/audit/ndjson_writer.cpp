#include "audit/row_writers.hpp"
#include "audit/text.hpp"
#include "json/encode.hpp"
#include "json/scalars.hpp"

namespace allot {

void append_ndjson(std::string& out, audit_row const& row) {
    out += R"({"position":)";
    append_integer(out, row.position);
    out += R"(,"scope":)";
    append_json_string(out, to_string(row.scope));
    out += R"(,"principalId":)";
    if (row.scope == assignment_scope::admin)
        out += "null";
    else
        append_json_string(out, row.principal_id);
    out += R"(,"assignmentId":)";
    append_json_string(out, row.assignment_id);
    out += R"(,"outcome":)";
    append_json_string(out, to_string(row.outcome));
    out += R"(,"allotment":)";
    if (!row.allotment_json.empty())
        out += row.allotment_json;
    else if (row.allotment == nullptr)
        out += "null";
    else
        append_json(out, *row.allotment);
    out += R"(,"error":)";
    if (row.error) {
        out += R"({"code":)";
        append_json_string(out, row.error->code);
        out += R"(,"message":)";
        append_json_string(out, row.error->message);
        out += R"(,"reason":)";
        append_json_string(out, row.error->reason);
        out += '}';
    } else {
        out += "null";
    }
    out += R"(,"httpStatus":)";
    append_integer(out, std::int64_t{row.http_status});
    out += R"(,"attempts":)";
    append_integer(out, std::uint64_t{row.attempts});
    out += R"(,"requestId":)";
    append_json_string(out, row.request_id);
    out += R"(,"clientRequestId":)";
    append_json_string(out, row.client_request_id);
    out += R"(,"durationMs":)";
    append_milliseconds(out, row.duration);
    out += "}\n";
}

}
