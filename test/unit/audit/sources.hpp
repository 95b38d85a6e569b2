#pragma once

#include "audit/line_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>

namespace allot::test {

/// Gives `text` in pieces of at most `piece` bytes.
inline chunk_source text_source(std::string text, std::size_t piece = 65'536) {
    auto const rest = std::make_shared<std::string>(std::move(text));
    auto const at = std::make_shared<std::size_t>(0);
    return [rest, at, piece](std::span<char> space) {
        auto const size = std::min({piece, space.size(), rest->size() - *at});
        std::copy_n(rest->data() + *at, size, space.data());
        *at += size;
        return size;
    };
}

}
