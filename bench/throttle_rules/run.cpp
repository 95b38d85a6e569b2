#include "throttle_rules/run.hpp"

#include <allot/credential_sources.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

namespace bench {

run::run(boost::asio::io_context& on, char const* const* words, std::uint64_t count) :
    context(on),
    graph_url(words[0]),
    ca_file(words[1]),
    count_(count) {
    std::ifstream secret_file(words[4]);
    std::string secret_text((std::istreambuf_iterator<char>(secret_file)), {});
    allot::client_secret_params login;
    login.token_url = words[2];
    login.client_id = words[3];
    login.client_secret = allot::secret(std::move(secret_text));
    login.transport.ca_file = ca_file;
    credential = allot::make_client_secret_credential(std::move(login)).value();
    for (std::string line; std::getline(std::cin, line);)
        if (line.find('/') == std::string::npos)
            ids.push_back(line);
}

std::string const* run::next() {
    return given_ == count_ ? nullptr : &ids[given_++ % ids.size()];
}

void run::ended(bool good) {
    ++(good ? good_ : given_up_);
    if (good_ + given_up_ == count_)
        context.stop();
}

}
