#include "simulator/base64_padded.hpp"

#include "base/base64.hpp"

#include <algorithm>

namespace allot::simulation {

std::string base64_padded(std::string_view bytes) {
    auto out = base64url_encode(bytes);
    std::replace(out.begin(), out.end(), '-', '+');
    std::replace(out.begin(), out.end(), '_', '/');
    out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

}
