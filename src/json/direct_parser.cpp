#include "json/direct_parser.hpp"

#include "json/parse.hpp"
#include "json/required.hpp"
#include "json/struct_shape.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

namespace allot {
namespace {

using member_bits = std::uint32_t;

/// One object or array that is not complete yet.
struct open_level {
    struct_shape const* shape;            ///< of the object; null for an array
    void* owner;                          ///< the struct, or that with the array
    member_shape const* member = nullptr; ///< that a value is read for, or whose array it is
    member_bits seen = 0;                 ///< members that have come, by their place in the shape
    member_bits filled = 0;               ///< those of them that were not null
    std::size_t at = 0;                   ///< the place of `member`
};

constexpr std::size_t most_levels = 15;
constexpr std::size_t most_members = 16;

// Control information of OData; in `seen` after the members of any shape.
constexpr std::array<std::string_view, 2> control_names{"@odata.type", "@odata.context"};
constexpr member_shape control_member{.name = {}, .text = [](void*, std::string_view) { return true; }};

// Of the envelope that Graph documents.
constexpr member_shape wrapped_allotment{.name = "value"};

// Of one response in the answer to a batch.
constexpr std::size_t most_fields = 32;
constexpr struct_shape fields_shape{};
struct_shape const& shape_of_fields() {
    return fields_shape;
}
constexpr member_shape field_value{.name = {}, .text = [](void* owner, std::string_view text) {
                                       static_cast<batch_part*>(owner)->fields.back().value = text;
                                       return true;
                                   }};

batch_part& part_of(void* owner) noexcept {
    return *static_cast<batch_part*>(owner);
}

bool read_status(void* owner, std::int64_t status) noexcept {
    part_of(owner).status = static_cast<int>(status);
    return status >= 100 && status <= 599;
}

bool read_id(void* owner, std::string_view text) noexcept {
    part_of(owner).id = decimal_id(text);
    return true;
}

bool read_text_body(void* owner, std::string_view) noexcept {
    part_of(owner).body = batch_part::body_kind::text;
    return true;
}

constexpr std::array<member_shape, 4> response_members{
    {{.name = "id", .text = read_id},
     {.name = "status", .number = read_status},
     {.name = "headers", .object = [](void* owner) { return owner; }, .inner = shape_of_fields},
     {.name = "body", .text = read_text_body}}};
constexpr auto& response_body = response_members[3];
constexpr member_bits required_of_response = 0b11;
constexpr struct_shape response_shape{response_members};
struct_shape const& shape_of_response() {
    return response_shape;
}

batch_part& next_part(direct_batch& batch) {
    if (batch.count == batch.parts.size())
        batch.parts.emplace_back();
    if (batch.count == batch.bodies.size())
        batch.bodies.emplace_back();
    batch.bodies[batch.count] = {};
    auto& part = batch.parts[batch.count++];
    part.id = 0;
    part.status = 0;
    part.fields.clear();
    part.body = batch_part::body_kind::none;
    return part;
}

constexpr std::array<member_shape, 1> envelope_members{
    {{.name = "responses",
      .array = [](void*) {},
      .element = [](void* owner, std::size_t) -> void* {
          return &next_part(*static_cast<direct_batch*>(owner));
      },
      .inner = shape_of_response}}};
constexpr struct_shape envelope_shape{envelope_members};

// An envelope, its array and the response are around a body.
constexpr std::size_t levels_around_body = 3;

constexpr member_bits bit(std::size_t place) noexcept {
    return member_bits(1) << place;
}

}

/// A handler of Boost.JSON's parser; false stops it.
class direct_parser::handler {
    using piece = boost::json::string_view;
    using error = boost::json::error_code;

public:
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    void reset(std::optional<allotment>& out, direct_outcome& outcome) {
        reset(nullptr, 0);
        begin(out, outcome);
    }
    void reset(direct_batch& out) { reset(&out, levels_around_body); }

    bool on_object_begin(error& stop) {
        if (depth_ == 0)
            return batch_ == nullptr ? open_allotment(stop) : open(&envelope_shape, batch_, stop);
        auto const& above = top();
        if (above.member == &response_body) {
            part_of(above.owner).body = batch_part::body_kind::json;
            auto& body = batch_->bodies[batch_->count - 1];
            begin(body.found, body.outcome);
            return open_allotment(stop);
        }
        if (above.member == &wrapped_allotment)
            return open_allotment(stop);
        if (above.shape == nullptr)
            return above.member->element == nullptr
                       ? refuse(stop)
                       : open(&above.member->inner(), above.member->element(above.owner, room(2)), stop);
        return above.member->object == nullptr
                   ? refuse(stop)
                   : open(&above.member->inner(), above.member->object(above.owner), stop);
    }

    bool on_object_end(std::size_t, error& stop) {
        auto const& ended = top();
        bool const lacking =
            (ended.shape == &response_shape && (~ended.filled & required_of_response) != 0) ||
            (ended.shape == &envelope_shape && ended.filled == 0);
        if (lacking)
            return refuse(stop);
        if (ended.owner == out_ && out_ != nullptr && depth_ == around_ + (wrapped_ ? 2 : 1))
            outcome_->filled = ended.filled;
        close();
        return true;
    }

    bool on_array_begin(error& stop) {
        if (depth_ == 0 || depth_ == most_levels || top().shape == nullptr || top().member->array == nullptr)
            return refuse(stop);
        auto const& above = top();
        above.member->array(above.owner);
        levels_[depth_++] = {nullptr, above.owner, above.member};
        return true;
    }

    bool on_array_end(std::size_t size, error&) {
        adapt(room(2), std::min<std::size_t>(size, 255));
        close();
        return true;
    }

    bool on_key_part(piece, std::size_t, error& stop) { return refuse(stop); }

    bool on_key(piece name, std::size_t size, error& stop) {
        auto& object = top();
        if (name.size() != size || !find({name.data(), name.size()}, object) ||
            (object.seen & bit(object.at)) != 0)
            return refuse(stop);
        object.seen |= bit(object.at);
        return true;
    }

    bool on_string_part(piece part, std::size_t, error&) {
        text_.append(part.data(), part.size());
        return true;
    }

    bool on_string(piece part, std::size_t size, error& stop) {
        if (part.size() == size)
            return take_text({part.data(), part.size()}, stop);
        if (depth_ != 0 && top().member == &field_value)
            return refuse(stop); // its view would be into memory that is used again
        text_.append(part.data(), part.size());
        bool const taken = take_text(text_, stop);
        text_.clear();
        return taken;
    }

    bool on_int64(std::int64_t number, piece, error& stop) {
        if (depth_ == 0 || top().shape == nullptr || top().member->number == nullptr ||
            !top().member->number(top().owner, number))
            return refuse(stop);
        return fill();
    }

    bool on_null(error& stop) {
        if (depth_ == 0 || top().shape == nullptr)
            return refuse(stop);
        auto const& member = *top().member;
        if (&member == &wrapped_allotment)
            outcome_->none = true;
        else if (member.null != nullptr)
            member.null(top().owner);
        else
            return refuse(stop);
        return true;
    }

    bool on_uint64(std::uint64_t, piece, error& stop) { return refuse(stop); }
    bool on_double(double, piece, error& stop) { return refuse(stop); }
    bool on_bool(bool, error& stop) { return refuse(stop); }

    bool on_document_begin(error&) { return true; }
    bool on_document_end(error&) { return true; }
    bool on_number_part(piece, error&) { return true; }
    bool on_comment_part(piece, error&) { return true; }
    bool on_comment(piece, error&) { return true; }

private:
    void reset(direct_batch* batch, std::size_t around) {
        batch_ = batch;
        around_ = around;
        outcome_ = nullptr;
        out_ = nullptr;
        depth_ = 0;
        text_.clear();
    }

    void begin(std::optional<allotment>& out, direct_outcome& outcome) {
        outcome_ = &outcome;
        out_ = &out.emplace();
        wrapped_ = false;
    }

    bool open_allotment(error& stop) { return open(&shape_of<allotment>(), out_, stop); }

    static bool refuse(error& stop) {
        stop = boost::json::error::syntax;
        return false;
    }

    open_level& top() noexcept { return levels_[depth_ - 1]; }

    /// What is too large for long shrinks; a little too large costs less than to grow now and then.
    static void adapt(std::uint8_t& room, std::size_t size) noexcept {
        room = static_cast<std::uint8_t>(size >= room ? size : room - (room - size) / 4);
    }

    /// Of the array at the top, whose object is so far below: about how many elements it has had of late.
    std::uint8_t& room(std::size_t below) noexcept {
        auto const level = depth_ - below;
        return rooms_[level][levels_[level].at];
    }

    bool open(struct_shape const* shape, void* owner, error& stop) {
        if (depth_ == most_levels)
            return refuse(stop);
        levels_[depth_++] = {shape, owner};
        return true;
    }

    void close() noexcept {
        --depth_;
        if (depth_ != 0 && top().shape != nullptr)
            fill();
    }

    bool fill() noexcept {
        top().filled |= bit(top().at);
        return true;
    }

    bool take_text(std::string_view text, error& stop) {
        if (depth_ == 0)
            return refuse(stop);
        auto const& level = top();
        if (level.shape == nullptr) {
            auto const add = level.member->element_text;
            return (add != nullptr && add(level.owner, text, room(2))) || refuse(stop);
        }
        auto const read = level.member->text;
        return (read != nullptr && read(level.owner, text)) ? fill() : refuse(stop);
    }

    /// Finds the member of a name; the one after the last is tried first.
    bool find(std::string_view name, open_level& object) {
        auto const members = object.shape->members;
        if (object.shape == &fields_shape)
            return add_field(name, object);
        if (is_around_wrapped())
            return find_control(name, object);
        auto const next = object.member == nullptr ? 0 : object.at + 1;
        if (next < members.size() && members[next].name == name) {
            object.at = next;
            object.member = &members[next];
            return true;
        }
        auto const is_it = [name](member_shape const& each) { return each.name == name; };
        auto const found = std::find_if(members.begin(), members.end(), is_it);
        if (found == members.end())
            return find_control(name, object) || find_envelope(name, object);
        object.at = static_cast<std::size_t>(found - members.begin());
        object.member = &*found;
        return true;
    }

    bool is_around_wrapped() const noexcept { return out_ != nullptr && wrapped_ && depth_ == around_ + 1; }

    /// The tree refuses names that come twice.
    static bool add_field(std::string_view name, open_level& object) {
        auto& fields = part_of(object.owner).fields;
        auto const is_it = [name](batch_part::field const& each) { return each.name == name; };
        if (fields.size() == most_fields || std::any_of(fields.begin(), fields.end(), is_it))
            return false;
        fields.push_back({name, {}});
        object.seen = 0;
        object.at = 0;
        object.member = &field_value;
        return true;
    }

    bool find_control(std::string_view name, open_level& object) {
        auto const found = std::find(control_names.begin(), control_names.end(), name);
        if (found == control_names.end())
            return false;
        object.at = most_members + static_cast<std::size_t>(found - control_names.begin());
        object.member = &control_member;
        return true;
    }

    /// Beside an allotment's own members, "value" is not known.
    bool find_envelope(std::string_view name, open_level& object) {
        if (out_ == nullptr || depth_ != around_ + 1 || name != wrapped_allotment.name ||
            object.seen % bit(most_members) != 0)
            return false;
        wrapped_ = true;
        object.at = most_members + control_names.size();
        object.member = &wrapped_allotment;
        return true;
    }

    direct_batch* batch_ = nullptr; ///< the document is the answer to one
    std::size_t around_ = 0;        ///< levels around an answer
    allotment* out_ = nullptr;      ///< of the answer that is read
    direct_outcome* outcome_ = nullptr;
    std::array<open_level, most_levels> levels_{};
    std::size_t depth_ = 0;
    bool wrapped_ = false; ///< the answer holds its allotment as "value"
    std::string text_;     ///< of a string with escapes
    std::array<std::array<std::uint8_t, most_members>, most_levels> rooms_{};
};

struct direct_parser::state {
    boost::json::basic_parser<handler> parser{strict_json};
};

direct_parser::direct_parser() : state_(std::make_unique<state>()) {}
direct_parser::~direct_parser() = default;

namespace {

member_bits required_under(query const& options) {
    member_bits out = 0;
    auto const members = shape_of<allotment>().members;
    for (std::size_t at = 0; at != members.size(); ++at)
        if (is_required_of_allotment(members[at].name, options))
            out |= bit(at);
    return out;
}

}

bool direct_parser::parse(std::string_view body) {
    boost::json::error_code stopped;
    auto const parsed = state_->parser.write_some(false, body.data(), body.size(), stopped);
    return !stopped && parsed == body.size();
}

bool direct_parser::parse_answer(std::string_view body, query const& options, std::optional<allotment>& out) {
    direct_outcome outcome;
    state_->parser.reset();
    state_->parser.handler().reset(out, outcome);
    if (!parse(body))
        return false;
    if (outcome.none)
        out.reset();
    return outcome.none || outcome.is_complete(options);
}

bool direct_parser::parse_batch(std::string_view body, direct_batch& out) {
    out.count = 0;
    state_->parser.reset();
    state_->parser.handler().reset(out);
    return parse(body);
}

bool direct_outcome::is_complete(query const& options) const {
    static member_bits const of_all = required_under({});
    auto const required = options.selected().empty() ? of_all : required_under(options);
    return required != 0 && (filled & required) == required;
}

}
