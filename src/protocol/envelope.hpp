#pragma once

#include "json/batch_answer.hpp"

#include <allot/assignment_ref.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// The most requests of a `$batch` call (Graph page "json-batching").
inline constexpr std::size_t most_in_envelope = 20;

/// Writes contents of `$batch` calls, one after the other, in a buffer that it keeps.
/// Thread safety: distinct objects: safe; shared: unsafe.
class envelope_writer {
public:
    /// `throttle_priority` as for `request_template`.
    explicit envelope_writer(std::string_view throttle_priority = {});

    /// Begins a new envelope.
    void begin();
    /// Adds a request for an allotment. `encoded_query` comes from `encode_query`. Preconditions: `id` is not
    /// 0 and new in the envelope; `reference.problem()` is nothing; fewer than `most_in_envelope` were added.
    void add(std::uint64_t id, assignment_ref const& reference, std::string_view encoded_query);
    /// The whole. Valid until the next `begin`.
    std::string_view finish();

private:
    std::string end_of_item_; ///< behind the URL
    std::string text_;
    std::string_view separator_;
};

/// Which part of an answer belongs to which request.
struct matched_parts {
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    /// For each request the index of its part, or `none` where the answer has none.
    std::vector<std::size_t> parts;
    /// Why no part can be believed; empty where they can. An allotment does not say whose it is: the id alone
    /// ties it to its assignment, and where ids are wrong once, no other is worth more.
    std::string problem;
};

/// Finds the part of each request, in whatever order they came. A part with an id that was not asked for, and
/// a second one with the same id, are a problem of the whole; a part that is missing is not.
void match_parts(
    std::span<std::uint64_t const> asked, std::span<batch_part const> answered, matched_parts& out);

}
