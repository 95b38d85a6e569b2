#pragma once

#include "json/decode.hpp"

#include <allot/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// What to do about a token endpoint's refusal.
namespace allot {

/// The next step for a person, by the first code of Entra that is known here, else by the OAuth error; empty
/// when there is nothing to say. Entra's codes are hints that may change (its page "reference-error-codes"):
/// nothing but this text and `may_pass` follows from them.
std::string_view advice_for(token_error const& said) noexcept;

/// The next step after an answer that is no OAuth error.
std::string_view advice_for_status(int status) noexcept;

/// The next step after no answer; `transport` is an `errc` of the connection.
std::string_view advice_for_transport(error_code const& transport) noexcept;

/// Whether the same request may succeed later, whatever the status of the answer was.
bool may_pass(token_error const& said) noexcept;

/// Says that this machine's clock is wrong when it is more than five minutes off, the tolerance of Entra;
/// else empty. `offset` is how far the server's clock is ahead.
std::string clock_advice(std::optional<std::chrono::seconds> offset);

}
