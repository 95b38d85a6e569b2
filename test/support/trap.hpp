#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace allot::test {

/// A place that nobody is to go to: listens on a free port of 127.0.0.1, on a thread of its own, and counts
/// who comes. Thread safety: safe.
class trap {
public:
    trap() : acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}) {
        boost::asio::co_spawn(context_, accept(), boost::asio::detached);
        thread_ = std::thread([this] { context_.run(); });
    }
    trap(trap const&) = delete;
    trap& operator=(trap const&) = delete;
    ~trap() {
        context_.stop();
        thread_.join();
    }

    std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

    /// Who came, the caller left out: connects to it, and waits until that is seen.
    int caught() {
        boost::asio::io_context here;
        boost::asio::ip::tcp::socket probe(here);
        probe.connect(acceptor_.local_endpoint());
        char byte;
        boost::system::error_code ignored;
        probe.read_some(boost::asio::buffer(&byte, 1), ignored); // its end: all before it have been counted
        return count_ - ++probes_;
    }

private:
    boost::asio::awaitable<void> accept() {
        for (;;) {
            auto const peer = co_await acceptor_.async_accept(boost::asio::use_awaitable);
            ++count_;
        }
    }

    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    std::atomic<int> count_ = 0;
    int probes_ = 0;
    std::thread thread_;
};

}
