// A proxy's answer to CONNECT in pieces: what it is may not depend on how it is cut, and no message repeats
// what was sent. Of several faults of framing the first that is seen counts. The first byte is the size of
// the pieces.
#include "protocol/proxy_connect_state.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view sent = "Basic c2VjcmV0OnNlY3JldA==";

struct outcome {
    allot::proxy_step step = allot::proxy_step::receive;
    allot::error_code code;
    std::string message;

    /// What ends too early, or breaks several rules.
    bool is_broken() const {
        return code == allot::errc::malformed_response || code == allot::errc::connection_lost;
    }
    bool operator==(outcome const& other) const {
        return step == other.step &&
               ((is_broken() && other.is_broken()) || (code == other.code && message == other.message));
    }
};

outcome read(std::string_view bytes, std::size_t piece) {
    allot::proxy_connect_state asking("proxy:1", "host:443", "fuzz", allot::secret(sent));
    asking.resume({allot::proxy_news::begun, 0, {}});
    auto step = asking.resume({allot::proxy_news::sent, 0, {}});
    while (!bytes.empty() && step == allot::proxy_step::receive) {
        auto const room = asking.room();
        auto const size = std::min({piece, room.size(), bytes.size()});
        std::memcpy(room.data(), bytes.data(), size);
        bytes.remove_prefix(size);
        step = asking.resume({allot::proxy_news::received, size, {}});
    }
    // Bytes behind a 200 that come later go to the TLS of the tunnel, which is not begun here.
    if (step == allot::proxy_step::open && !bytes.empty())
        return {};
    if (step == allot::proxy_step::receive)
        step = asking.resume({allot::proxy_news::ended, 0, {}});
    return {step, asking.reason().code, asking.reason().message};
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    std::string_view const bytes(reinterpret_cast<char const*>(data) + 1, size - 1);
    auto const in_pieces = read(bytes, std::size_t{1} + data[0]);
    auto const whole = read(bytes, bytes.size() + 1);
    bool const cut_behind_200 = in_pieces == outcome();
    if ((!cut_behind_200 && in_pieces != whole) || (cut_behind_200 && whole.step == allot::proxy_step::open))
        std::abort();
    for (auto const* const each : {&in_pieces, &whole})
        if (each->message.find(sent.substr(6, 8)) != std::string::npos)
            std::abort();
    return 0;
}
