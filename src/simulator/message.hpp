#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The inside of the simulator. A namespace of its own, so that no name of it can meet one of the client's.
namespace allot::simulation {

/// The same moment on both clocks: the first measures, the second is shown.
struct instant {
    std::chrono::steady_clock::time_point steady;
    std::chrono::system_clock::time_point wall;
};

struct field {
    std::string name;
    std::string value;
    friend bool operator==(field const&, field const&) = default;
};

/// Whether two field names are the same; case does not count (RFC 9110 section 5.1).
bool same_name(std::string_view left, std::string_view right) noexcept;

struct request {
    std::string method;
    std::string target;
    std::vector<field> fields;
    std::string body;
    bool keep_alive = true;

    /// The value of the first field of that name.
    std::optional<std::string_view> find(std::string_view name) const noexcept;
    /// The target up to its query.
    std::string_view path() const noexcept;
    /// The target behind its "?"; empty without one.
    std::string_view query() const noexcept;
};

struct reply {
    unsigned status = 200;
    /// All but Date, Content-Length and Connection.
    std::vector<field> fields;
    std::shared_ptr<std::string const> body; ///< null for none
    bool list = false;                       ///< the body is a page of a list
};

/// What names one exchange, in fields and in error bodies.
struct exchange {
    std::string request_id;
    std::string client_request_id; ///< the request's, else the same as `request_id`
    instant at;
};

/// Replaces the fields of that name by one.
void set_field(std::vector<field>& fields, std::string_view name, std::string value);
void remove_field(std::vector<field>& fields, std::string_view name);

/// Appends the answer in HTTP/1.1 form. Date, Content-Length and, on the last answer of a connection,
/// Connection are added where `fields` has none of that name; 204 and 304 get no body (RFC 9110
/// section 6.4.1). `head_only` leaves the body out but announces it, as HEAD needs it.
void append_answer(std::string& out, reply const& value, instant now, bool keep_alive, bool head_only);

/// The standard phrase of a status, "Unknown" for others.
std::string_view reason_phrase(unsigned status) noexcept;

/// "Sat, 21 Mar 2026 10:17:05 GMT" (RFC 9110 section 5.6.7).
std::string http_date(std::chrono::system_clock::time_point at);
/// "2026-03-21T10:17:05", as Graph's error bodies have it.
std::string graph_date(std::chrono::system_clock::time_point at);

/// Decodes %XX, and "+" as a space in forms; nothing when a % is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text, bool form = false);

}
