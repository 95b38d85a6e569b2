#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// What each peer is asked to do: `PROGRAM URL CA_FILE CONNECTIONS WARM_UP_SECONDS SECONDS`, with
/// BENCH_TOKEN.
struct job {
    std::string url; ///< "https://HOST:PORT"
    std::string host;
    std::string port;
    std::string ca_file;
    std::size_t connections = 0;
    double warm_up = 0; ///< seconds that are not counted
    double seconds = 0;
    std::string token;
};

/// Ends the program where the arguments are none of a job.
job read_job(int argc, char** argv);

/// The ids that are asked for in turn.
std::vector<std::string> assignment_ids(std::size_t count = 1'000);

/// "/beta/admin/cloudLicensing/assignments/ID/allotment"
std::string target_of(std::string_view id);

/// Members of every answer.
inline constexpr std::string_view expected_id = "551f1755-0184-9e51-0bc7-f32bae5a1afb";
inline constexpr std::size_t expected_services = 4;

/// Says on stderr what was wrong and ends the program: a measurement with wrong answers is none.
[[noreturn]] void give_up(std::string_view why);

}
