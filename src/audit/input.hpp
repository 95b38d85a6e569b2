#pragma once

#include "audit/line_reader.hpp"

#include <allot/assignment_ref.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

namespace allot {

enum class input_format { automatic, lines, csv, ndjson };

/// An entry of the input that cannot be sent. The texts are well-formed UTF-8 and shortened.
struct invalid_entry {
    std::uint64_t position = 0; ///< among the entries of the input, from 1
    std::uint64_t line = 0;     ///< where it begins, from 1
    assignment_scope scope = assignment_scope::admin;
    std::string principal_id;
    std::string assignment_id; ///< of a line that could not be taken apart: its text
    std::string problem;       ///< names the line and the rule it breaks
};

/// An entry of an input.
using input_entry = std::variant<assignment_ref, invalid_entry>;

/// The input as a whole cannot be used. The text names it, what is wrong and what is expected.
class input_error : public std::runtime_error {
public:
    using runtime_error::runtime_error;
};

/// Calls `use` for each entry, in bounded memory. Blank lines are no entries, in the lines format lines that
/// begin with # neither. `name` is for messages; its ending (.csv, .ndjson, .jsonl) and the first line decide
/// an automatic format. Errors: `input_error` for an input without entries, in UTF-16, with binary content
/// or, as CSV, without a usable header; what the source throws.
void read_entries(
    chunk_source source, std::string const& name, input_format format,
    std::function<void(input_entry)> const& use);

}
