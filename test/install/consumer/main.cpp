// A user of the installed package: links the whole library and sees its refusal of a plain-text URL.
#include <allot/allot.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>
#include <string>
#include <utility>

int main() {
    boost::asio::io_context context;
    allot::client_params params;
    params.graph_url = "http://localhost";
    params.credential = allot::make_token_credential(allot::secret(std::string("unused")));
    auto const made = allot::make_client(context.get_executor(), std::move(params));
    if (made) {
        std::cerr << "a plain-text URL was accepted\n";
        return 1;
    }
    std::cout << to_string(made.error()) << '\n';
    return made.error().code == allot::errc::invalid_params ? 0 : 1;
}
