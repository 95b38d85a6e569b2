#pragma once

#include "simulator/message.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace allot::simulation {

/// Whether the values of a request's Accept-Encoding ask for gzip: named, or meant by "*", and not with
/// weight 0 (RFC 9110 section 12.5.3).
bool accepts_gzip(request const& what);

/// The content as one gzip member (RFC 1952), with so many spaces behind it.
std::string gzip(std::string_view content, std::size_t spaces = 0);

/// What a rule makes of the content of an answer, asked for or not.
enum class encoding {
    none,
    gzip,
    gzip_members,   ///< two members, one after the other
    gzip_bomb,      ///< with 32 MiB of spaces behind the content
    gzip_wrong_crc, ///< with a CRC-32 that is wrong
    gzip_truncated, ///< without its last bytes; the answer ends in order
    unknown,        ///< as it is, called "br"
};

/// Encodes the body; nothing without one. The fields say so.
void encode(reply& value, encoding how);

}
