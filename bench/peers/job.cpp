#include "peers/job.hpp"

#include <cstdlib>
#include <iostream>

namespace bench {

job read_job(int argc, char** argv) {
    auto const token = std::getenv("BENCH_TOKEN");
    if (argc != 6 || !token)
        give_up("usage: BENCH_TOKEN=TOKEN PROGRAM URL CA_FILE CONNECTIONS WARM_UP_SECONDS SECONDS");
    job made;
    made.url = argv[1];
    auto const authority = made.url.substr(made.url.find("//") + 2);
    auto const colon = authority.find(':');
    if (colon == std::string::npos)
        give_up("the URL has no port: " + made.url);
    made.host = authority.substr(0, colon);
    made.port = authority.substr(colon + 1);
    made.ca_file = argv[2];
    made.connections = std::stoul(argv[3]);
    made.warm_up = std::stod(argv[4]);
    made.seconds = std::stod(argv[5]);
    made.token = token;
    return made;
}

std::vector<std::string> assignment_ids(std::size_t count) {
    std::vector<std::string> made;
    for (std::size_t each = 0; each != count; ++each) {
        auto const number = std::to_string(each);
        made.push_back("405ee855-dd74-f695-8d7e-" + std::string(12 - number.size(), '0') + number);
    }
    return made;
}

std::string target_of(std::string_view id) {
    return "/beta/admin/cloudLicensing/assignments/" + std::string(id) + "/allotment";
}

void give_up(std::string_view why) {
    std::cerr << why << '\n';
    std::exit(1);
}

}
