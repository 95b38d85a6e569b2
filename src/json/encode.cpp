#include "json/encode.hpp"

#include "json/naming.hpp"
#include "json/scalars.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <array>

namespace allot {
namespace {

// `,"name":` at compile time; the comma is skipped for the first member.
class key_text {
public:
    explicit constexpr key_text(std::string_view name) noexcept {
        put(",\"");
        put(name);
        put("\":");
    }
    constexpr std::string_view first() const noexcept { return following().substr(1); }
    constexpr std::string_view following() const noexcept { return {text_.data(), size_}; }

private:
    constexpr void put(std::string_view text) noexcept {
        for (char const character : text)
            text_[size_++] = character;
    }

    std::array<char, 48> text_{};
    std::size_t size_ = 0;
};

template <class D>
inline constexpr key_text key{wire_name<D>};

// Overloads for every type a member can have; a class, so that they can name each other in any order.
class writer {
public:
    explicit writer(std::string& out) noexcept : out_(out) {}

    void write(std::string const& value) { append_json_string(out_, value); }
    void write(std::int32_t value) { append_integer(out_, std::int64_t{value}); }

    void write(guid const& value) {
        out_ += '"';
        append_guid(out_, value);
        out_ += '"';
    }

    void write(std::chrono::year_month_day value) {
        out_ += '"';
        append_date(out_, value);
        out_ += '"';
    }

    void write(date_time value) {
        out_ += '"';
        append_date_time(out_, value);
        out_ += '"';
    }

    template <class E>
    void write(open_set<E> const& value) {
        out_ += '"';
        auto const begin = out_.size();
        auto const add = [this, begin](std::string_view name) {
            if (out_.size() != begin)
                out_ += ',';
            append_json_escaped(out_, name);
        };
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&]<class D>(D) {
            if (value.has(D::value))
                add(wire_name<D>);
        });
        for (auto const& name : value.unknown)
            add(name);
        if (out_.size() == begin)
            out_ += "none";
        out_ += '"';
    }

    template <class T>
    void write(std::vector<T> const& value) {
        out_ += '[';
        bool first = true;
        for (auto const& element : value) {
            if (!first)
                out_ += ',';
            first = false;
            write(element);
        }
        out_ += ']';
    }

    // Only reached inside another optional: there, nothing is a value of its own.
    template <class T>
    void write(std::optional<T> const& value) {
        if (value)
            write(*value);
        else
            out_ += "null";
    }

    template <class T>
    requires boost::describe::has_describe_members<T>::value void write(T const& value) {
        out_ += '{';
        bool first = true;
        using members = boost::describe::describe_members<T, boost::describe::mod_public>;
        boost::mp11::mp_for_each<members>([&]<class D>(D) {
            auto const& member = value.*D::pointer;
            if (!member)
                return;
            out_ += first ? key<D>.first() : key<D>.following();
            first = false;
            write(*member);
        });
        for (auto const& member : value.unknown_members) {
            if (!first)
                out_ += ',';
            first = false;
            append_json_string(out_, member.name);
            out_ += ':';
            out_ += member.json;
        }
        out_ += '}';
    }

private:
    std::string& out_;
};

}

void append_json(std::string& out, allotment const& value) {
    writer(out).write(value);
}

void append_json(std::string& out, assignment const& value) {
    writer(out).write(value);
}

}
