#pragma once

#include "client/client_impl.hpp"

#include <allot/assignment_list.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace allot {

/// Where one walk through the pages of a list stands. Only its `next` changes it, one at a time, on the
/// caller's executor; the client's strand reads it meanwhile.
class pages_impl {
public:
    pages_impl(std::shared_ptr<client_impl> client, list_scope scope, query options, list_params params);

    static boost::asio::awaitable<std::optional<result<assignment_page>>>
    next(std::shared_ptr<pages_impl> self);

private:
    static boost::asio::awaitable<result<assignment_page>> fetch(std::shared_ptr<pages_impl> self);
    result<std::string> target() const;

    std::shared_ptr<client_impl> client_;
    list_scope scope_;
    query options_;
    list_params params_;
    std::string link_; ///< of the page to ask for; empty for the first one
    bool ended_ = false;
};

}
