#include "simulator/content_coding.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <zlib.h>

namespace allot::simulation {
namespace {

constexpr std::size_t trailer_size = 8; ///< CRC-32 and length
constexpr std::size_t bomb_size = 32 * 1024 * 1024;

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t";
    auto const begin = text.find_first_not_of(blanks);
    return begin == text.npos ? std::string_view()
                              : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// Takes what stands before the separator.
std::string_view take_up_to(std::string_view& rest, char separator) noexcept {
    auto const end = std::min(rest.find(separator), rest.size());
    auto const part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return trimmed(part);
}

/// A weight of 0, in any of its forms.
bool is_zero(std::string_view weight) noexcept {
    return weight.starts_with('0') && weight.find_first_not_of("0.") == weight.npos;
}

/// Whether one element of the list is about that coding, and if so, whether it wants it.
std::optional<bool> wants(std::string_view element, std::string_view coding) {
    if (!same_name(take_up_to(element, ';'), coding))
        return std::nullopt;
    while (!element.empty()) {
        auto parameter = take_up_to(element, ';');
        if (same_name(take_up_to(parameter, '='), "q") && is_zero(parameter))
            return false;
    }
    return true;
}

/// The bytes of one deflate stream.
class compressor {
public:
    compressor() {
        constexpr int window = 15;
        constexpr int gzip_format = 16;
        constexpr int usual_memory = 8;
        if (deflateInit2(
                &stream_, Z_BEST_SPEED, Z_DEFLATED, window + gzip_format, usual_memory, Z_DEFAULT_STRATEGY) !=
            Z_OK)
            throw std::bad_alloc();
    }
    compressor(compressor const&) = delete;
    compressor& operator=(compressor const&) = delete;
    ~compressor() { deflateEnd(&stream_); }

    void add(std::string_view content, int flush) {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
        stream_.avail_in = static_cast<uInt>(content.size());
        do {
            char piece[16 * 1024];
            stream_.next_out = reinterpret_cast<Bytef*>(piece);
            stream_.avail_out = sizeof piece;
            deflate(&stream_, flush);
            out_.append(piece, sizeof piece - stream_.avail_out);
        } while (stream_.avail_out == 0);
    }

    std::string take_up_to() { return std::move(out_); }

private:
    z_stream stream_{};
    std::string out_;
};

std::string encoded(std::string_view content, encoding how) {
    switch (how) {
    case encoding::none:
    case encoding::unknown:
        return std::string(content);
    case encoding::gzip:
        return gzip(content);
    case encoding::gzip_members:
        return gzip(content.substr(0, content.size() / 2)) + gzip(content.substr(content.size() / 2));
    case encoding::gzip_bomb:
        return gzip(content, bomb_size);
    case encoding::gzip_wrong_crc: {
        auto out = gzip(content);
        auto& byte = out[out.size() - trailer_size];
        byte = static_cast<char>(~byte);
        return out;
    }
    case encoding::gzip_truncated: {
        auto out = gzip(content);
        out.resize(out.size() - trailer_size - 1);
        return out;
    }
    }
    return {};
}

}

bool accepts_gzip(request const& what) {
    std::optional<bool> named;
    std::optional<bool> any;
    for (auto const& each : what.fields) {
        if (!same_name(each.name, "Accept-Encoding"))
            continue;
        for (std::string_view rest = each.value; !rest.empty();) {
            auto const element = take_up_to(rest, ',');
            if (auto const wanted = wants(element, "gzip"))
                named = wanted;
            else if (auto const other_name = wants(element, "x-gzip"))
                named = other_name;
            else if (auto const all = wants(element, "*"))
                any = all;
        }
    }
    return named.value_or(any.value_or(false));
}

std::string gzip(std::string_view content, std::size_t spaces) {
    compressor out;
    out.add(content, Z_NO_FLUSH);
    std::string const blank(std::min<std::size_t>(spaces, 64 * 1024), ' ');
    while (spaces != 0) {
        auto const piece = std::string_view(blank).substr(0, spaces);
        out.add(piece, Z_NO_FLUSH);
        spaces -= piece.size();
    }
    out.add({}, Z_FINISH);
    return out.take_up_to();
}

void encode(reply& value, encoding how) {
    if (how == encoding::none || !value.body || value.body->empty())
        return;
    value.body = std::make_shared<std::string const>(encoded(*value.body, how));
    set_field(value.fields, "Content-Encoding", how == encoding::unknown ? "br" : "gzip");
    set_field(value.fields, "Vary", "Accept-Encoding");
}

}
