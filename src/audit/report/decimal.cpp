#include "audit/report/decimal.hpp"

#include <array>
#include <charconv>

namespace allot {

std::string decimal(double value) {
    std::array<char, 400> text{};
    auto const end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 2).ptr;
    std::string out(text.data(), end);
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.')
        out.pop_back();
    return out == "-0" ? "0" : out;
}

}
