#pragma once

#include "json/ascii.hpp"
#include "json/batch_answer.hpp"
#include "protocol/http_response.hpp"

#include <allot/model.hpp>
#include <allot/query.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace allot {

/// The answer to one request of an envelope, with the fields that `response_reader` has of one that came
/// alone. Lifetimes: everything given outlives it, the decoder without another `decode`.
class part_answer {
public:
    part_answer(
        batch_answer_decoder& decoder, std::size_t index, batch_part const& part,
        response_reader const& envelope) noexcept :
        decoder_(decoder),
        index_(index),
        part_(part),
        envelope_(envelope) {}

    int status() const noexcept { return part_.status; }

    /// What only the envelope has: when it was answered, and its name.
    std::string_view field(std::string_view name) const noexcept {
        for (auto const& each : part_.fields)
            if (same_name(each.name, name))
                return each.value;
        bool const of_envelope = same_name(name, "Date") || same_name(name, "request-id");
        return of_envelope ? envelope_.field(name) : std::string_view();
    }
    template <class Visit>
    void for_each_field(std::string_view name, Visit visit) const {
        for (auto const& each : part_.fields)
            if (same_name(each.name, name))
                visit(each.value);
    }
    template <class Visit>
    void visit_fields(Visit visit) const {
        for (auto const& each : part_.fields)
            visit(each.name, each.value);
    }

    /// Text where JSON was expected is never shown.
    std::string_view body() const noexcept { return {}; }
    bool is_text() const noexcept { return part_.body == batch_part::body_kind::text; }
    std::optional<graph_error> said() const { return decoder_.error_of(index_); }
    decoded<std::optional<allotment>> allotment_of(query const& options) const {
        return decoder_.allotment_of(index_, options);
    }

private:
    batch_answer_decoder& decoder_;
    std::size_t index_;
    batch_part const& part_;
    response_reader const& envelope_;
};

}
