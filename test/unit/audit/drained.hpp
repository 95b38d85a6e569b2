#pragma once

#include "support/coroutine.hpp"

#include <allot/batch.hpp>
#include <allot/client.hpp>
#include <allot/credential_sources.hpp>
#include <allot/params.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <string>
#include <utility>
#include <vector>

namespace allot::test {

inline boost::asio::awaitable<std::vector<batch_item>> items_of(batch work) {
    std::vector<batch_item> items;
    while (auto item = co_await work.next())
        items.push_back(std::move(*item));
    co_return items;
}

/// What a batch takes from a source, in its order and under its numbers. Preconditions: no reference may be
/// sent, so that no request is: "a?" is refused for its question mark.
inline std::vector<batch_item> drained(reference_source source) {
    boost::asio::io_context context;
    client_params params;
    params.credential = make_token_credential(secret(std::string("t")));
    auto client = make_client(context.get_executor(), std::move(params)).value();
    auto work = client.get_allotments(std::move(source), {}, batch_params().concurrency(1));
    return run(context, items_of(std::move(work)));
}

}
