#pragma once

#include "json/decode.hpp"

#include <allot/model.hpp>
#include <allot/query.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace allot {

/// What the answer to a `$batch` call says of one of its requests, but for the body.
struct batch_part {
    struct field {
        std::string_view name; ///< in whatever case it came
        std::string_view value;
    };

    enum class body_kind {
        none, ///< no such member, as with 204
        json,
        text, ///< base64 of something that is not JSON, as Graph's page "json-batching" has it
    };

    /// The request's id where it is a decimal number as a writer makes them; else 0.
    std::uint64_t id = 0;
    int status = 0;
    std::vector<field> fields; ///< those with text for a value
    body_kind body = body_kind::none;
};

/// 0 for a text that no writer of ours has made: a sign, a leading zero, too large.
std::uint64_t decimal_id(std::string_view text) noexcept;

/// Decodes answers to `$batch` calls (Graph page "json-batching") whose requests ask for allotments. Keeps
/// its buffers, so that an answer of usual size allocates nothing but results. Lifetimes: parts and what they
/// point to are valid as long as the body, until the next `decode` or the end of the decoder. Thread safety:
/// distinct objects: safe; shared: unsafe.
class batch_answer_decoder {
public:
    batch_answer_decoder();
    batch_answer_decoder(batch_answer_decoder&&) noexcept;
    batch_answer_decoder& operator=(batch_answer_decoder&&) noexcept;
    ~batch_answer_decoder();

    /// The parts, in the order of the answer. Bodies are not looked into: a bad one is the fault of its own
    /// request. Errors: not JSON; an object with a name twice, in a body too; nested deeper than 32;
    /// `responses` missing or no array; a response that is no object; its id no string, its status no integer
    /// from 100 to 599, its headers no object. Members that are not known are passed over.
    decoded<std::span<batch_part const>> decode(std::string_view body);

    /// The allotment in a part's body; as `allotment_decoder::decode_answer`, but that no body is an error.
    /// Taken out: once for each part. Precondition: `index` is below the number of parts.
    decoded<std::optional<allotment>> allotment_of(std::size_t index, query const& options);

    /// Graph's error in a part's body, as `decode_graph_error`.
    std::optional<graph_error> error_of(std::size_t index) const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}
