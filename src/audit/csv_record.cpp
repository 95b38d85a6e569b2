#include "audit/csv_record.hpp"

namespace allot {

csv_record::status csv_record::add_line(std::string_view line) {
    if (in_quotes_) {
        fields_.back() += '\n';
    } else {
        fields_.assign(1, {});
        length_ = 0;
    }
    length_ += line.size() + 1;
    if (length_ > max_length + 1)
        return malformed("a CSV record is longer than 65536 bytes; is a quotation mark left open?");

    bool was_quoted = false;
    for (std::size_t at = 0; at != line.size(); ++at) {
        auto const character = line[at];
        if (in_quotes_) {
            if (character != '"') {
                fields_.back() += character;
            } else if (at + 1 != line.size() && line[at + 1] == '"') {
                fields_.back() += '"';
                ++at;
            } else {
                in_quotes_ = false;
                was_quoted = true;
            }
        } else if (character == ',') {
            fields_.emplace_back();
            was_quoted = false;
        } else if (was_quoted) {
            return malformed("a CSV field goes on behind its closing quotation mark");
        } else if (character != '"') {
            fields_.back() += character;
        } else if (fields_.back().empty()) {
            in_quotes_ = true;
        } else {
            return malformed("a quotation mark stands inside a CSV field that does not begin with one");
        }
    }
    return in_quotes_ ? status::open : status::complete;
}

csv_record::status csv_record::malformed(char const* problem) {
    problem_ = problem;
    in_quotes_ = false;
    return status::malformed;
}

}
