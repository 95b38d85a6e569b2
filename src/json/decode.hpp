#pragma once

#include <allot/assignment_list.hpp>
#include <allot/error.hpp>
#include <allot/model.hpp>
#include <allot/query.hpp>

#include <boost/json/fwd.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// JSON from Graph and from token endpoints, to structs.
namespace allot {

/// Where and why JSON is not what it should be.
struct decode_error {
    std::string path;     ///< JSON Pointer (RFC 6901); empty for the whole document
    std::string expected; ///< "a GUID"
    std::string found;    ///< `the string "abc"`; the value cut to 64 bytes of printable ASCII
};

/// `at /services/2/planId: expected a GUID, found the string "abc"`
std::string to_string(decode_error const& value);

/// Throws `boost::system::system_error` with `errc::bad_body`.
[[noreturn]] void throw_exception_from_error(decode_error const& value, boost::source_location const& where);

template <class T>
using decoded = boost::system::result<T, decode_error>;

template <class T>
concept resource =
    std::same_as<T, allotment> || std::same_as<T, assignment> || std::same_as<T, waiting_member> ||
    std::same_as<T, service> || std::same_as<T, subscription> || std::same_as<T, directory_object>;

/// Strict about types and ranges: no member is converted from another JSON type, 1.0 is no integer.
/// Tolerant of what Graph may add or leave out: members may be missing or null, in any order; unknown ones
/// are kept, except control information ("@odata.context"); up to 64 unknown enumerators of a list
/// are kept as text. In the text
/// of unknown members, numbers beyond 64-bit integers and doubles have the precision of a double.
template <resource T>
decoded<T> decode(boost::json::value const& value);

/// For `boost::json::value_to`; throws as `decoded<T>::value` does.
template <resource T>
T tag_invoke(boost::json::value_to_tag<T> const&, boost::json::value const& value) {
    return decode<T>(value).value();
}

/// For `boost::json::try_value_to`; the error is `errc::bad_body`.
template <resource T>
boost::system::result<T>
tag_invoke(boost::json::try_value_to_tag<T> const&, boost::json::value const& value) {
    auto decoded_value = decode<T>(value);
    if (!decoded_value)
        return make_error_code(errc::bad_body);
    return std::move(*decoded_value);
}

/// An allotment that `append_json` has written; no member is required.
decoded<allotment> decode_allotment(std::string_view json);

/// Decodes answers to "Get allotment for assignment". Keeps its buffers, so that an answer of usual size
/// allocates nothing but its result.
/// Thread safety: distinct objects: safe; shared: unsafe.
class allotment_decoder {
public:
    allotment_decoder();
    allotment_decoder(allotment_decoder&&) noexcept;
    allotment_decoder& operator=(allotment_decoder&&) noexcept;
    ~allotment_decoder();

    /// The allotment in the body of a 200, or nothing when it says that there is none. Takes the entity
    /// itself or as "value" of an object, there also as the only element of an array; null and an empty array
    /// stand for no allotment. Errors: not JSON (RFC 8259), nested deeper than 32, an object with a name
    /// twice, a wrong type or range, several allotments, and a required member missing or null: id,
    /// allottedUnits and consumedUnits, under
    /// `$select` those of them that are selected; when none is, any selected member must be there, null or
    /// not.
    decoded<std::optional<allotment>> decode_answer(std::string_view body, query const& options);

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// Decodes a page of a list of assignments: `value` and `@odata.nextLink`, in any order, other members are
/// ignored. `options` is what the list was asked with. Errors: not JSON, nested deeper than 32, an object
/// with a name twice, a wrong type or range; `value` missing or no array; a next link that is no string or
/// empty; an assignment or, where it is expanded and not null, its allotment without a required member
/// (assignment: id; allotment: as `allotment_decoder`, under the nested `$select`); an empty id.
decoded<assignment_page> decode_assignment_page(std::string_view body, query const& options);

/// Graph's error body. Parts that are missing or of another type are empty.
struct graph_error {
    std::string code;           ///< of the outer error; a number becomes its text
    std::string message;        ///< of the outer error, for people
    std::string innermost_code; ///< the deepest code that is not empty: the most specific one
    std::string request_id;
    std::string client_request_id;
};

/// Nothing when the body is not an object with an object "error", or has an object with a name twice.
std::optional<graph_error> decode_graph_error(std::string_view body);

/// A successful answer of a token endpoint or of managed identity.
struct token_answer {
    std::string access_token; ///< for the caller to wipe
    std::string token_type;   ///< "Bearer", or empty when it was absent
    std::optional<std::chrono::seconds> expires_in;
    std::optional<std::chrono::seconds> refresh_in;
    std::optional<std::chrono::sys_seconds> expires_on;
};

/// Times are from 0 to what a clock in nanoseconds can hold: JSON integers, numbers without a fraction
/// (3599.0) or digits in a string; `expires_on` also the dates of `parse_expiry_date`. Missing and null are
/// nothing, an empty text for `expires_in` and `refresh_in` too; any other value is an error that names the
/// member; so is an object with a name twice. Other members are ignored. The token has 1 to 65,536 characters
/// of RFC 6750's b64token; a type other than Bearer is refused. Errors say nothing of the body's content but
/// types, lengths and offsets. Memory that held the token is wiped.
decoded<token_answer> decode_token_answer(std::string_view body);

/// The error of a token endpoint (RFC 6749 section 5.2) with Entra's additions; `codes` are AADSTS numbers.
/// Parts that are missing or of another type are empty.
struct token_error {
    std::string error;
    std::string description;
    std::vector<std::int64_t> codes;
    std::string trace_id;
    std::string correlation_id;
    std::string timestamp;
    std::string claims; ///< JSON text of a claims challenge
};

/// Nothing when the body is not an object with a string "error" that is not empty, or has an object with a
/// name twice.
std::optional<token_error> decode_token_error(std::string_view body);

}
