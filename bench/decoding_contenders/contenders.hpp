#pragma once

#include "peers/plain_allotment.hpp"

#include <allot/model.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace bench {

/// Decodes the same document again and again, and keeps what may be kept between two documents.
class decoder {
public:
    virtual ~decoder() = default;

    /// Lifetimes: the bytes after `body` are there too, `padding` of them. Throws where it is not what was
    /// expected.
    virtual void decode(std::string_view body) = 0;

    /// The last document's: whether it was read as it should.
    virtual bool as_expected(allot::allotment const& value) const = 0;

    /// As simdjson wants it.
    static constexpr std::size_t padding = 64;
};

/// "allot", "boost", "boost_same", "simdjson" or "simdjson_same"; null for one that is not there.
std::unique_ptr<decoder> make_decoder(std::string_view name);

/// Null where it is not installed. `same`: into allot's own struct.
std::unique_ptr<decoder> make_simdjson_decoder(bool same);

bool is_same(peer::allotment const& one, allot::allotment const& other);

}
