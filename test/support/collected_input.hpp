#pragma once

#include "audit/input.hpp"

#include <allot/assignment_ref.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace allot::test {

/// All entries of an input.
struct audit_input {
    std::vector<assignment_ref> references;
    std::vector<std::uint64_t> positions; ///< of each reference among the entries, from 1
    std::vector<invalid_entry> invalid;

    std::uint64_t size() const noexcept { return references.size() + invalid.size(); }
};

inline audit_input read_input(chunk_source source, std::string const& name, input_format format) {
    audit_input input;
    read_entries(std::move(source), name, format, [&input](input_entry entry) {
        if (auto* const reference = std::get_if<assignment_ref>(&entry)) {
            input.positions.push_back(input.size() + 1);
            input.references.push_back(std::move(*reference));
        } else {
            input.invalid.push_back(std::get<invalid_entry>(std::move(entry)));
        }
    });
    return input;
}

}
