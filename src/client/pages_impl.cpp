#include "client/pages_impl.hpp"

#include "protocol/next_link.hpp"
#include "protocol/target.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace allot {
namespace asio = boost::asio;

pages_impl::pages_impl(
    std::shared_ptr<client_impl> client, list_scope scope, query options, list_params params) :
    client_(std::move(client)),
    scope_(std::move(scope)),
    options_(std::move(options)),
    params_(std::move(params)),
    link_(params_.start()) {}

asio::awaitable<std::optional<result<assignment_page>>> pages_impl::next(std::shared_ptr<pages_impl> self) {
    if (self->ended_)
        co_return std::nullopt;
    auto const strand = self->client_->strand();
    auto fetched = fetch(self);
    auto page = co_await asio::co_spawn(strand, std::move(fetched), asio::use_awaitable);
    if (page) {
        self->link_ = page->next_link;
        self->ended_ = self->link_.empty();
    }
    co_return std::move(page);
}

asio::awaitable<result<assignment_page>> pages_impl::fetch(std::shared_ptr<pages_impl> self) {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    client_impl::operation const under_way(self->client_);
    auto target = self->target();
    if (!target)
        co_return std::move(target).error();
    exchange_info info;
    std::optional<result<assignment_page>> page;
    co_await self->client_->fetch_page(std::move(*target), self->options_, info, page);
    if (*page)
        (*page)->exchange = std::move(info);
    co_return std::move(*page);
}

result<std::string> pages_impl::target() const {
    if (auto problem = check(options_))
        return std::move(*problem);
    if (!link_.empty()) {
        auto made = next_link_target(link_, client_->where());
        if (made)
            return made;
        // Links of pages were checked when they came.
        auto why = std::move(made).error();
        why.code = errc::invalid_params;
        why.message.insert(0, "list_params::start: ");
        return why;
    }
    if (auto problem = scope_.problem()) {
        failure made;
        made.code = errc::invalid_reference;
        made.message = std::move(*problem);
        return made;
    }
    std::string made;
    append_list_target(made, client_->where().base_path, scope_, encode_query(options_, params_.page_size()));
    return made;
}

}
