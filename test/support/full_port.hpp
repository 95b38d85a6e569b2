#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <list>
#include <string>

namespace allot::test {

/// A port of this machine that neither takes a further connection nor refuses it: its queue is full (Linux).
class full_port {
public:
    using endpoint = boost::asio::ip::tcp::endpoint;

    explicit full_port(endpoint const& at = {boost::asio::ip::address_v4::loopback(), 0}) :
        acceptor_(context_, at) {
        acceptor_.listen(0);
        for (int i = 0; i != 4; ++i) {
            waiting_.emplace_back(context_);
            waiting_.back().async_connect(acceptor_.local_endpoint(), [](auto) {});
        }
        // All have been sent; those beyond the queue wait.
        context_.poll();
    }

    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }

private:
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::list<boost::asio::ip::tcp::socket> waiting_;
};

}
