#pragma once

#include "audit/byte_spool.hpp"
#include "audit/input.hpp"

#include <allot/assignment_ref.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace allot {

/// A reference and where it stands in an input.
struct kept_reference {
    assignment_ref reference;
    std::uint64_t position = 0;           ///< among the entries, from 1
    std::vector<std::uint64_t> repeats{}; ///< further positions of the same reference, ascending
};

/// The entries of an input that is audited once. Memory does not grow with the number of references, but with
/// that of the invalid ones and of those that stand in it several times. Thread safety: distinct objects:
/// safe; shared: unsafe. Errors of all members: `io_error`, where a temporary file cannot be written.
class kept_input {
public:
    /// Bytes of references that are kept in memory: about ten thousand, so that few audits need a file.
    static constexpr std::size_t usual_bytes = 512 * 1024;
    /// Hashes that are compared at once, when repeats are looked for: 8 MiB, given back before there are
    /// connections, which take more.
    static constexpr std::size_t usual_hashes = 1024 * 1024;

    explicit kept_input(std::size_t most_bytes = usual_bytes, std::size_t hashes_at_once = usual_hashes) :
        spool_(most_bytes),
        hashes_at_once_(hashes_at_once) {}

    void add(input_entry entry);

    /// At a position of its own choice. Positions ascend.
    void add(assignment_ref const& reference, std::uint64_t position);

    /// Entries, invalid ones and repeats included.
    std::uint64_t size() const noexcept { return size_; }

    std::vector<invalid_entry> const& invalid() const noexcept { return invalid_; }

    /// The next reference that did not come before, or nothing after the last. Behind it nothing is added.
    std::optional<kept_reference> next();

private:
    void begin();
    kept_reference read();
    /// Sorted; a hash may also be that of two references that differ.
    std::vector<std::size_t> repeated_hashes();
    void find_repeats();

    byte_spool spool_;
    std::size_t hashes_at_once_;
    std::uint64_t size_ = 0;
    std::uint64_t references_ = 0;
    std::uint64_t read_ = 0;
    bool begun_ = false;
    std::vector<invalid_entry> invalid_;
    std::unordered_map<assignment_ref, std::vector<std::uint64_t>> repeats_; ///< all positions of each
};

/// All that `read_entries` finds. Errors: as it and `kept_input` say.
kept_input keep_input(chunk_source source, std::string const& name, input_format format);

}
