#include "decoding_contenders/contenders.hpp"

#ifdef BENCH_SIMDJSON

#include <boost/uuid/string_generator.hpp>

#include <simdjson.h>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

namespace ondemand = simdjson::ondemand;

std::string text_of(ondemand::value value) {
    return std::string(value.get_string().value());
}

std::int32_t units_of(ondemand::value value) {
    auto const number = value.get_int64().value();
    if (!std::in_range<std::int32_t>(number))
        throw std::out_of_range("units");
    return static_cast<std::int32_t>(number);
}

allot::guid guid_of(ondemand::value value) {
    std::string_view const text = value.get_string().value();
    return boost::uuids::string_generator()(text.begin(), text.end());
}

allot::assignee_types types_of(ondemand::value value) {
    std::string_view left = value.get_string().value();
    allot::assignee_types made;
    while (!left.empty()) {
        auto const one = left.substr(0, left.find(','));
        left.remove_prefix(std::min(left.size(), one.size() + 1));
        auto add = [&made](allot::assignee_type which) { made.bits |= static_cast<std::uint8_t>(which); };
        if (one == "user")
            add(allot::assignee_type::user);
        else if (one == "group")
            add(allot::assignee_type::group);
        else if (one == "device")
            add(allot::assignee_type::device);
        else if (one != "none")
            made.unknown.emplace_back(one);
    }
    return made;
}

void take_member(allot::service& made, std::string_view name, ondemand::value value) {
    if (name == "assignableTo")
        made.assignable_to = types_of(value);
    else if (name == "planId")
        made.plan_id = guid_of(value);
    else if (name == "planName")
        made.plan_name = text_of(value);
    else if (!name.starts_with('@'))
        made.unknown_members.push_back({std::string(name), std::string(value.raw_json_token())});
}

void take_member(peer::service& made, std::string_view name, ondemand::value value) {
    if (name == "assignableTo")
        made.assignable_to = text_of(value);
    else if (name == "planId")
        made.plan_id = text_of(value);
    else if (name == "planName")
        made.plan_name = text_of(value);
}

template <class T>
T object_of(ondemand::object from);

template <class T>
std::vector<T> list_of(ondemand::value value) {
    std::vector<T> made;
    for (auto each : value.get_array())
        made.push_back(object_of<T>(each.get_object()));
    return made;
}

/// Members of lists that the document does not have are left out.
void take_member(allot::allotment& made, std::string_view name, ondemand::value value) {
    if (name == "id")
        made.id = text_of(value);
    else if (name == "allottedUnits")
        made.allotted_units = units_of(value);
    else if (name == "consumedUnits")
        made.consumed_units = units_of(value);
    else if (name == "assignableTo")
        made.assignable_to = types_of(value);
    else if (name == "services")
        made.services = list_of<allot::service>(value);
    else if (name == "skuId")
        made.sku_id = guid_of(value);
    else if (name == "skuPartNumber")
        made.sku_part_number = text_of(value);
    else if (!name.starts_with('@'))
        made.unknown_members.push_back({std::string(name), std::string(value.raw_json_token())});
}

void take_member(peer::allotment& made, std::string_view name, ondemand::value value) {
    if (name == "id")
        made.id = text_of(value);
    else if (name == "allottedUnits")
        made.allotted_units = units_of(value);
    else if (name == "consumedUnits")
        made.consumed_units = units_of(value);
    else if (name == "assignableTo")
        made.assignable_to = text_of(value);
    else if (name == "services")
        made.services = list_of<peer::service>(value);
    else if (name == "skuId")
        made.sku_id = text_of(value);
    else if (name == "skuPartNumber")
        made.sku_part_number = text_of(value);
}

template <class T>
T object_of(ondemand::object from) {
    T made;
    for (auto member : from) {
        std::string_view const name = member.unescaped_key();
        take_member(made, name, member.value());
    }
    return made;
}

template <class T>
class simdjson_decoder final : public decoder {
public:
    void decode(std::string_view body) override {
        auto document = parser_.iterate(simdjson::padded_string_view(body, body.size() + padding));
        value_ = object_of<T>(document["value"].get_object());
    }
    bool as_expected(allot::allotment const& value) const override {
        if constexpr (std::is_same_v<T, allot::allotment>)
            return value_ == value;
        else
            return is_same(value_, value);
    }

private:
    ondemand::parser parser_;
    T value_;
};

}

static_assert(decoder::padding >= simdjson::SIMDJSON_PADDING);

std::unique_ptr<decoder> make_simdjson_decoder(bool same) {
    if (same)
        return std::make_unique<simdjson_decoder<allot::allotment>>();
    return std::make_unique<simdjson_decoder<peer::allotment>>();
}

}

#else

namespace bench {

std::unique_ptr<decoder> make_simdjson_decoder(bool) {
    return nullptr;
}

}

#endif
