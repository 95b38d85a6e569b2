#include "cli/interruption.hpp"

#include <csignal>

namespace allot {

interruption::interruption(boost::asio::io_context& context) :
    context_(context),
    signals_(context, SIGINT, SIGTERM) {
    wait();
}

void interruption::wait() {
    signals_.async_wait([this](boost::system::error_code error, int number) {
        if (error)
            return;
        if (signal_)
            return context_.stop();
        signal_ = number;
        wait();
        cancelled_.emit(boost::asio::cancellation_type::terminal);
    });
}

interrupted::interrupted(int signal) :
    signal_(signal),
    text_(
        std::string("stopped by ") + (signal == SIGINT ? "SIGINT" : "SIGTERM") +
        " before there was an answer") {}

}
