// An answer in pieces: what it is may not depend on how it is cut: into bytes, into pieces of a size that the
// first byte says, or into one.
#include "protocol/http_response.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

struct outcome {
    allot::read_status status = allot::read_status::more;
    int code = 0;
    std::string body;
    bool reusable = false;
    bool operator==(outcome const&) const = default;
};

outcome read(std::string_view bytes, std::size_t piece) {
    allot::response_reader reader(64 * 1024, allot::content_coding::gzip);
    outcome made;
    while (!bytes.empty() && made.status == allot::read_status::more) {
        auto const room = reader.prepare();
        auto const size = std::min({piece, room.size(), bytes.size()});
        std::memcpy(room.data(), bytes.data(), size);
        bytes.remove_prefix(size);
        made.status = reader.commit(size);
    }
    // Bytes after the answer are an error of their own, which small pieces come to only now.
    if (made.status == allot::read_status::done && !bytes.empty()) {
        reader.prepare()[0] = bytes[0];
        made.status = reader.commit(1);
    }
    if (made.status == allot::read_status::more)
        made.status = reader.end_of_stream(true);
    if (made.status == allot::read_status::done)
        made = {made.status, reader.status(), std::string(reader.body()), reader.reusable()};
    return made;
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    std::string_view const bytes(reinterpret_cast<char const*>(data) + 1, size - 1);
    auto const whole = read(bytes, bytes.size() + 1);
    if (read(bytes, 1) != whole || read(bytes, std::size_t{1} + data[0]) != whole)
        std::abort();
    return 0;
}
