#include "decoding_contenders/contenders.hpp"

#include "json/decode.hpp"
#include "json/scalars.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <optional>

namespace bench {
namespace {

class allot_decoder final : public decoder {
public:
    void decode(std::string_view body) override { value_ = decoder_.decode_answer(body, options_).value(); }
    bool as_expected(allot::allotment const& value) const override { return value_ == value; }

private:
    allot::query options_;
    allot::allotment_decoder decoder_;
    std::optional<allot::allotment> value_;
};

/// `T` is what `value_to` makes.
template <class T>
class boost_decoder final : public decoder {
public:
    void decode(std::string_view body) override {
        value_ = boost::json::value_to<T>(boost::json::parse(body).at("value"));
    }
    bool as_expected(allot::allotment const& value) const override {
        if constexpr (std::is_same_v<T, allot::allotment>)
            return value_ == value;
        else
            return is_same(value_, value);
    }

private:
    T value_;
};

std::string guid_text(std::optional<allot::guid> const& value) {
    std::string made;
    allot::append_guid(made, value.value());
    return made;
}

}

bool is_same(peer::allotment const& one, allot::allotment const& other) {
    bool same = one.id == other.id && one.allotted_units == other.allotted_units &&
                one.consumed_units == other.consumed_units && one.sku_part_number == other.sku_part_number &&
                one.sku_id == guid_text(other.sku_id) && one.services.size() == other.services->size();
    for (std::size_t each = 0; same && each != one.services.size(); ++each)
        same = one.services[each].plan_name == (*other.services)[each].plan_name &&
               one.services[each].plan_id == guid_text((*other.services)[each].plan_id);
    return same;
}

std::unique_ptr<decoder> make_decoder(std::string_view name) {
    if (name == "allot")
        return std::make_unique<allot_decoder>();
    if (name == "boost")
        return std::make_unique<boost_decoder<peer::allotment>>();
    if (name == "boost_same")
        return std::make_unique<boost_decoder<allot::allotment>>();
    if (name == "simdjson" || name == "simdjson_same")
        return make_simdjson_decoder(name == "simdjson_same");
    return nullptr;
}

}
