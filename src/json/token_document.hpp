#pragma once

#include "json/decode.hpp"

#include <boost/json/memory_resource.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// JSON that holds a token. Errors say nothing of its content but types, lengths and offsets.
namespace allot {

/// Memory for a tree that holds a token: wiped when it goes.
class wiping_resource final : public boost::json::memory_resource {
    void* do_allocate(std::size_t size, std::size_t alignment) override;
    void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override;
    bool do_is_equal(boost::json::memory_resource const& other) const noexcept override;
};

/// The document, all of it in `memory`. Lifetimes: `memory` outlives the value. Errors: not JSON, not an
/// object, an object with a name twice.
decoded<boost::json::value> parse_token_document(std::string_view body, wiping_resource& memory);

/// The error of a member; `found` is null when it is missing.
decode_error wrong_member(std::string_view name, std::string expected, boost::json::value const* found);

/// Takes a token of 1 to 65,536 characters of RFC 6750's b64token. An error leaves no copy behind.
std::optional<decode_error>
take_token(boost::json::object const& answer, std::string_view name, std::string& out);

/// Takes the type of a token, which must be Bearer in any case; missing and null are nothing.
std::optional<decode_error>
take_bearer(boost::json::object const& answer, std::string_view name, std::string& out);

}
