#include "json/text.hpp"

#include "json/scalars.hpp"

#include <boost/json/value.hpp>

namespace allot {
namespace {

struct utf8_piece {
    std::size_t size;
    bool well_formed;
};

// The first character of a text that begins with a byte beyond ASCII, or the maximal subpart of one (Unicode
// 15, table 3-7).
utf8_piece first_piece(std::string_view text) noexcept {
    auto const byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    auto const lead = byte(0);
    if (lead < 0xc2 || lead > 0xf4)
        return {1, false};
    std::size_t const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    for (std::size_t at = 1; at != size; ++at) {
        if (at == text.size() || byte(at) < low || byte(at) > high)
            return {at, false};
        low = 0x80;
        high = 0xbf;
    }
    return {size, true};
}

// U+0080 to U+009F: a terminal takes them as commands.
bool is_c1_control(std::string_view piece) noexcept {
    return piece.size() == 2 && piece[0] == '\xc2' && static_cast<unsigned char>(piece[1]) < 0xa0;
}

void append_escape(std::string& out, char character) {
    switch (character) {
    case '"':
        out += "\\\"";
        return;
    case '\\':
        out += "\\\\";
        return;
    case '\b':
        out += "\\b";
        return;
    case '\f':
        out += "\\f";
        return;
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        break;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    auto const code = static_cast<unsigned char>(character);
    out += "\\u00";
    out += digits[code >> 4];
    out += digits[code & 0xf];
}

void append_array(std::string& out, boost::json::array const& value) {
    out += '[';
    bool first = true;
    for (auto const& element : value) {
        if (!first)
            out += ',';
        first = false;
        append_json(out, element);
    }
    out += ']';
}

void append_object(std::string& out, boost::json::object const& value) {
    out += '{';
    bool first = true;
    for (auto const& member : value) {
        if (!first)
            out += ',';
        first = false;
        append_json_string(out, member.key());
        out += ':';
        append_json(out, member.value());
    }
    out += '}';
}

}

void append_json_escaped(std::string& out, std::string_view text) {
    constexpr std::string_view replacement = "\xef\xbf\xbd";
    // Runs that need no change are copied whole.
    std::size_t copied = 0;
    std::size_t at = 0;
    while (at != text.size()) {
        char const character = text[at];
        if (character >= ' ' && character <= '~' && character != '"' && character != '\\') {
            ++at;
            continue;
        }
        bool const ascii = static_cast<unsigned char>(character) < 0x80;
        auto const piece = ascii ? utf8_piece{1, true} : first_piece(text.substr(at));
        auto const bytes = text.substr(at, piece.size);
        if (!ascii && piece.well_formed && !is_c1_control(bytes)) {
            at += piece.size;
            continue;
        }
        out.append(text, copied, at - copied);
        if (piece.well_formed)
            append_escape(out, bytes.back());
        else
            out += replacement;
        at += piece.size;
        copied = at;
    }
    out.append(text, copied);
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    append_json_escaped(out, text);
    out += '"';
}

void append_json(std::string& out, boost::json::value const& value) {
    switch (value.kind()) {
    case boost::json::kind::null:
        out += "null";
        break;
    case boost::json::kind::bool_:
        out += value.get_bool() ? "true" : "false";
        break;
    case boost::json::kind::int64:
        append_integer(out, value.get_int64());
        break;
    case boost::json::kind::uint64:
        append_integer(out, value.get_uint64());
        break;
    case boost::json::kind::double_:
        append_double(out, value.get_double());
        break;
    case boost::json::kind::string:
        append_json_string(out, value.get_string());
        break;
    case boost::json::kind::array:
        append_array(out, value.get_array());
        break;
    case boost::json::kind::object:
        append_object(out, value.get_object());
        break;
    }
}

}
