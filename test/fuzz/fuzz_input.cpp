// Input files in every format: each entry is a reference that can be sent, or says why not.
#include "audit/input.hpp"
#include "audit/kept_input.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    std::string_view rest(reinterpret_cast<char const*>(data) + 1, size - 1);
    auto source = [&rest](std::span<char> room) {
        auto const taken = std::min(room.size(), rest.size());
        std::memcpy(room.data(), rest.data(), taken);
        rest.remove_prefix(taken);
        return taken;
    };
    try {
        auto const format = static_cast<allot::input_format>(data[0] % 4);
        auto input = allot::keep_input(source, "input", format);
        auto found = input.invalid().size();
        while (auto const next = input.next()) {
            if (next->reference.problem())
                std::abort();
            found += 1 + next->repeats.size();
        }
        if (input.size() == 0 || found != input.size())
            std::abort();
        for (auto const& entry : input.invalid())
            if (entry.problem.empty() || entry.line == 0)
                std::abort();
    } catch (allot::input_error const&) {
    }
    return 0;
}
