#include "io/system_resolver.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <utility>

namespace allot {
namespace asio = boost::asio;

resolution resolve_by_system(std::string const& host) {
    resolution made;
    // Runs nothing: a synchronous look-up stays on this thread.
    asio::io_context context(1);
    asio::ip::tcp::resolver resolver(context);
    for (auto const& entry : resolver.resolve(host, "", made.error)) {
        network_address address{entry.endpoint().address().to_string()};
        if (std::find(made.addresses.begin(), made.addresses.end(), address) == made.addresses.end())
            made.addresses.push_back(std::move(address));
    }
    if (made.addresses.empty() && !made.error)
        made.error = asio::error::no_data;
    return made;
}

bool is_no_such_name(boost::system::error_code const& error) noexcept {
    return error == asio::error::host_not_found || error == asio::error::no_data;
}

}
