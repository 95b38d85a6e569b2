#include "cli/query_options.hpp"

#include <CLI/Option.hpp>

#include <cstddef>
#include <functional>

namespace allot {
namespace {

constexpr char const* what_group = "What";

}

void add_query_options(CLI::App& app, query& target, query_help const& help) {
    auto const add =
        [&app](char const* name, std::function<void(std::string const&)> take, char const* description) {
            app.add_option_function<std::string>(name, take, description)
                ->type_name("A,B")
                ->trigger_on_parse()
                ->group(what_group);
        };
    add(
        "--select",
        [&target](std::string const& value) {
            for (auto const item : split_list(value))
                target.select(item);
        },
        help.select);
    add(
        "--expand",
        [&target](std::string const& value) {
            for (auto const item : split_list(value))
                target.expand(item);
        },
        help.expand);
}

std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> items;
    std::size_t begin = 0;
    std::size_t depth = 0;
    for (std::size_t at = 0; at != text.size(); ++at) {
        if (text[at] == '(')
            ++depth;
        else if (text[at] == ')' && depth != 0)
            --depth;
        if (text[at] == ',' && depth == 0) {
            items.push_back(text.substr(begin, at - begin));
            begin = at + 1;
        }
    }
    items.push_back(text.substr(begin));
    return items;
}

}
