#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// Puts one CSV record (RFC 4180) together from lines; a quoted field may go over several.
/// Thread safety: distinct objects: safe; shared: unsafe.
class csv_record {
public:
    enum class status {
        complete,  ///< `fields` holds the record
        open,      ///< a quoted field goes on in the next line
        malformed, ///< `problem` says which rule is broken
    };

    static constexpr std::size_t max_length = 65'536; ///< bytes in a record

    /// Takes the next line, without its end. After `complete` and `malformed` it begins a new record.
    status add_line(std::string_view line);

    std::vector<std::string> const& fields() const noexcept { return fields_; }
    char const* problem() const noexcept { return problem_; }

private:
    status malformed(char const* problem);

    std::vector<std::string> fields_;
    std::size_t length_ = 0;
    char const* problem_ = "";
    bool in_quotes_ = false;
};

}
