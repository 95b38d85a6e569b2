#pragma once

#include "support/coroutine.hpp"

#include <allot/credential.hpp>

#include <boost/asio/this_coro.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace allot::test {

/// What a fetch gave; nothing while it runs. Asio wants a type that can be made of nothing.
using fetched = std::optional<result<access_token>>;

/// Fetches without an exception when it is cancelled, as the library does.
inline boost::asio::awaitable<fetched>
fetch_once(std::shared_ptr<token_credential> from, std::string scope, std::string claims = {}) {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    token_request request(std::move(scope), std::move(claims));
    co_return co_await from->fetch_token(std::move(request));
}

}
