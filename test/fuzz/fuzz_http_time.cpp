// Retry-After and Date: never a wait beyond the limit, and no date before the epoch of HTTP's years.
#include "protocol/http_date.hpp"
#include "protocol/retry_after.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const end = text.find('\n');
    std::string_view const values[] = {text.substr(0, end), end == text.npos ? "" : text.substr(end + 1)};
    std::chrono::sys_seconds const now{std::chrono::seconds(1'800'000'000)};
    allot::parse_http_date(values[0], now);
    auto const wait = allot::parse_retry_after(values, values[1], now);
    if (wait && (wait->count() < 0 || *wait > allot::longest_retry_after))
        std::abort();
    return 0;
}
