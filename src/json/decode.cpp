#include "json/decode.hpp"

#include "json/found.hpp"
#include "json/naming.hpp"
#include "json/open_names.hpp"
#include "json/scalars.hpp"
#include "json/text.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/value.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace allot {
namespace {

using boost::json::value;

// One step of the way from the document to a value; a chain on the stack, made text only for an error.
struct step {
    step const* from = nullptr;
    std::string_view member = {};
    std::size_t element = 0;
};

std::string pointer(step const& to) {
    if (to.from == nullptr)
        return {};
    auto out = pointer(*to.from) + '/';
    return to.member.empty() ? out + std::to_string(to.element) : out.append(to.member);
}

// Whether `matches` holds for a descriptor of the list; asks them in turn, up to the first that matches.
template <template <class...> class List, class... D, class F>
bool any_descriptor(List<D...>, F const& matches) {
    return (matches(D()) || ...);
}

// Overloads for every type a member can have; a class, so that they can name each other in any order.
// Each returns whether it could read; `error` says why not.
class reader {
public:
    decode_error error;

    bool read(value const& from, step const& at, std::string& out) {
        auto const* text = from.if_string();
        if (text == nullptr)
            return fail(from, at, "a string");
        out.assign(text->data(), text->size());
        return true;
    }

    bool read(value const& from, step const& at, std::int32_t& out) {
        auto const* number = from.if_int64();
        if (number == nullptr || !std::in_range<std::int32_t>(*number))
            return fail(from, at, "an integer from -2147483648 to 2147483647");
        out = static_cast<std::int32_t>(*number);
        return true;
    }

    bool read(value const& from, step const& at, guid& out) {
        return read_text(from, at, out, parse_guid, "a GUID");
    }

    bool read(value const& from, step const& at, std::chrono::year_month_day& out) {
        return read_text(from, at, out, parse_date, "a date such as 2025-09-30");
    }

    bool read(value const& from, step const& at, date_time& out) {
        return read_text(from, at, out, parse_date_time, "a date-time such as 2025-09-30T08:00:00Z");
    }

    template <class E>
    bool read(value const& from, step const& at, open_set<E>& out) {
        auto const* text = from.if_string();
        if (text == nullptr)
            return fail(from, at, "a list of names");
        if (auto const* const expected = read_names(*text, out))
            return fail(from, at, expected);
        return true;
    }

    template <class T>
    bool read(value const& from, step const& at, std::vector<T>& out) {
        auto const* array = from.if_array();
        if (array == nullptr)
            return fail(from, at, "an array");
        out.reserve(array->size());
        for (auto const& element : *array) {
            step const next{&at, {}, out.size()};
            if (!read(element, next, out.emplace_back()))
                return false;
        }
        return true;
    }

    template <class T>
    bool read(value const& from, step const& at, std::optional<T>& out) {
        return from.is_null() || read(from, at, out.emplace());
    }

    // A member for which null is a value of its own.
    template <class T>
    bool read(value const& from, step const& at, std::optional<std::optional<T>>& out) {
        return read(from, at, out.emplace());
    }

    template <resource T>
    bool read(value const& from, step const& at, T& out) {
        auto const* object = from.if_object();
        if (object == nullptr)
            return fail(from, at, "an object");
        for (auto const& member : *object) {
            std::string_view const name = member.key();
            bool good = true;
            auto const is_it = [&]<class D>(D) {
                if (name != wire_name<D>)
                    return false;
                good = read(member.value(), {&at, wire_name<D>, 0}, out.*D::pointer);
                return true;
            };
            using members = boost::describe::describe_members<T, boost::describe::mod_public>;
            if (!any_descriptor(members(), is_it) && !name.starts_with('@')) {
                auto& kept = out.unknown_members.emplace_back();
                kept.name = name;
                append_json(kept.json, member.value());
            }
            if (!good)
                return false;
        }
        return true;
    }

private:
    bool fail(value const& from, step const& at, char const* expected) {
        error = {pointer(at), expected, found_value(from)};
        return false;
    }

    template <class T>
    bool read_text(
        value const& from, step const& at, T& out, std::optional<T> (*parse)(std::string_view) noexcept,
        char const* expected) {
        auto const* text = from.if_string();
        auto const parsed = text == nullptr ? std::nullopt : parse(*text);
        if (!parsed)
            return fail(from, at, expected);
        out = *parsed;
        return true;
    }
};

}

std::string to_string(decode_error const& value) {
    auto const place = value.path.empty() ? std::string("in the document") : "at " + value.path;
    return place + ": expected " + value.expected + ", found " + value.found;
}

void throw_exception_from_error(decode_error const& value, boost::source_location const&) {
    throw boost::system::system_error(make_error_code(errc::bad_body), to_string(value));
}

template <resource T>
decoded<T> decode(value const& from) {
    reader in;
    T out;
    if (!in.read(from, step{}, out))
        return std::move(in.error);
    return out;
}

template decoded<allotment> decode(value const&);
template decoded<assignment> decode(value const&);
template decoded<waiting_member> decode(value const&);
template decoded<service> decode(value const&);
template decoded<subscription> decode(value const&);
template decoded<directory_object> decode(value const&);

}
