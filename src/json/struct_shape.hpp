#pragma once

#include "json/decode.hpp"
#include "json/naming.hpp"
#include "json/open_names.hpp"
#include "json/scalars.hpp"

#include <allot/model.hpp>

#include <boost/describe/members.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// How the events of a JSON parser fill a described struct: one table for each type, made at compile time.
namespace allot {

struct struct_shape;

/// What may come for one member of a struct, whose address is passed to each. Null: it may not come.
/// Each text and number answers whether it is one for the member.
struct member_shape {
    std::string_view name;
    void (*null)(void* owner) = nullptr;
    bool (*text)(void* owner, std::string_view value) = nullptr;
    bool (*number)(void* owner, std::int64_t value) = nullptr;
    /// Begins an object and returns the address of what it fills.
    void* (*object)(void* owner) = nullptr;
    void (*array)(void* owner) = nullptr;
    /// The first of its elements gets room for so many.
    bool (*element_text)(void* owner, std::string_view value, std::size_t room) = nullptr;
    /// Begins an element that is an object.
    void* (*element)(void* owner, std::size_t room) = nullptr;
    /// Of the object or the elements.
    struct_shape const& (*inner)() = nullptr;
};

struct struct_shape {
    std::span<member_shape const> members;
};

template <resource T>
struct_shape const& shape_of();

inline bool read_scalar(std::string_view text, std::string& out) {
    out.assign(text);
    return true;
}

template <class T>
bool read_parsed(std::optional<T> const& parsed, T& out) noexcept {
    if (parsed)
        out = *parsed;
    return parsed.has_value();
}

inline bool read_scalar(std::string_view text, guid& out) noexcept {
    return read_parsed(parse_guid(text), out);
}

inline bool read_scalar(std::string_view text, std::chrono::year_month_day& out) noexcept {
    return read_parsed(parse_date(text), out);
}

inline bool read_scalar(std::string_view text, date_time& out) noexcept {
    return read_parsed(parse_date_time(text), out);
}

template <class E>
bool read_scalar(std::string_view text, open_set<E>& out) {
    return read_names(text, out) == nullptr;
}

/// Where a value of a member goes: the innermost of its optionals, made.
template <class T>
T& place_in(std::optional<T>& member) {
    return member.emplace();
}

template <class T>
T& place_in(std::optional<std::optional<T>>& member) {
    return member.emplace().emplace();
}

template <class Member>
struct value_in;

template <class T>
struct value_in<std::optional<T>> {
    using type = T;
    static void null(std::optional<T>&) noexcept {}
};

template <class T>
struct value_in<std::optional<std::optional<T>>> {
    using type = T;
    static void null(std::optional<std::optional<T>>& member) { member.emplace(); }
};

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
T& add_element(std::vector<T>& to, std::size_t room) {
    if (to.empty())
        to.reserve(room);
    return to.emplace_back();
}

template <class T, class D>
auto& member_of(void* owner) noexcept {
    return static_cast<T*>(owner)->*D::pointer;
}

template <resource T, class D>
constexpr member_shape make_member_shape() {
    using member = std::remove_reference_t<decltype(member_of<T, D>(nullptr))>;
    using value = typename value_in<member>::type;
    member_shape out{.name = wire_name<D>};
    out.null = [](void* owner) { value_in<member>::null(member_of<T, D>(owner)); };
    if constexpr (is_vector<value>) {
        using element = typename value::value_type;
        out.array = [](void* owner) { place_in(member_of<T, D>(owner)); };
        if constexpr (resource<element>) {
            out.element = [](void* owner, std::size_t room) -> void* {
                return &add_element(*member_of<T, D>(owner), room);
            };
            out.inner = shape_of<element>;
        } else {
            out.element_text = [](void* owner, std::string_view text, std::size_t room) {
                return read_scalar(text, add_element(*member_of<T, D>(owner), room));
            };
        }
    } else if constexpr (resource<value>) {
        out.object = [](void* owner) -> void* { return &place_in(member_of<T, D>(owner)); };
        out.inner = shape_of<value>;
    } else if constexpr (std::is_same_v<value, std::int32_t>) {
        out.number = [](void* owner, std::int64_t number) {
            if (!std::in_range<std::int32_t>(number))
                return false;
            place_in(member_of<T, D>(owner)) = static_cast<std::int32_t>(number);
            return true;
        };
    } else {
        out.text = [](void* owner, std::string_view text) {
            return read_scalar(text, place_in(member_of<T, D>(owner)));
        };
    }
    return out;
}

template <resource T, template <class...> class List, class... D>
constexpr auto make_member_shapes(List<D...>) {
    return std::array<member_shape, sizeof...(D)>{make_member_shape<T, D>()...};
}

template <resource T>
struct_shape const& shape_of() {
    using members = boost::describe::describe_members<T, boost::describe::mod_public>;
    static constexpr auto table = make_member_shapes<T>(members());
    static constexpr struct_shape shape{table};
    return shape;
}

}
