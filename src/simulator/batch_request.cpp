#include "simulator/batch_request.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace allot::simulation {
namespace {

namespace json = boost::json;

constexpr std::string_view batch_names[] = {"/$batch", "/%24batch"};

/// The version's segment with its slash: "/beta".
std::string_view version_of(std::string_view path) noexcept {
    return path.substr(0, path.find('/', 1));
}

[[noreturn]] void refuse_batch(std::string message) {
    throw batch_problem{std::move(message)};
}

std::string text_member(json::object const& from, std::string_view name, std::size_t position) {
    auto const* const found = from.if_contains(name);
    auto const* const text = found ? found->if_string() : nullptr;
    if (!text || text->empty())
        refuse_batch(
            "The batch request at position " + std::to_string(position) + " has no text '" +
            std::string(name) + "'.");
    return {text->data(), text->size()};
}

void read_item_fields(json::value const& from, request& out) {
    if (!from.is_object())
        refuse_batch("The 'headers' of a batch request are not an object.");
    for (auto const& each : from.get_object()) {
        if (!each.value().is_string())
            refuse_batch("The header '" + std::string(each.key()) + "' of a batch request is not a text.");
        auto const& value = each.value().get_string();
        out.fields.push_back({std::string(each.key()), std::string(value.data(), value.size())});
    }
}

batch_item read_item(json::value const& from, std::size_t position, request const& envelope) {
    auto const* const members = from.if_object();
    if (!members)
        refuse_batch("The batch request at position " + std::to_string(position) + " is not an object.");
    batch_item out;
    out.id = text_member(*members, "id", position);
    out.what.method = text_member(*members, "method", position);
    auto const url = text_member(*members, "url", position);
    out.what.target = version_of(envelope.path());
    out.what.target.append(url.starts_with('/') ? "" : "/").append(url);
    out.what.fields.push_back({"Host", std::string(envelope.find("Host").value_or(""))});
    if (auto const* const fields = members->if_contains("headers"))
        read_item_fields(*fields, out.what);
    if (auto const* const body = members->if_contains("body")) {
        if (!out.what.find("Content-Type"))
            refuse_batch(
                "The batch request with id '" + out.id + "' has a body but no 'Content-Type' header.");
        out.what.body = json::serialize(*body);
    }
    return out;
}

std::size_t position_of(std::vector<batch_item> const& items, std::string_view id) {
    auto const found = std::find_if(
        items.begin(), items.end(), [id](batch_item const& each) { return same_name(each.id, id); });
    return static_cast<std::size_t>(found - items.begin());
}

void read_dependencies(json::value const& from, std::vector<batch_item> const& items, batch_item& out) {
    auto const* const list = from.if_array();
    if (!list)
        refuse_batch("The 'dependsOn' of a batch request is not a list.");
    for (auto const& each : *list) {
        auto const* const id = each.if_string();
        auto const at = id ? position_of(items, std::string_view(*id)) : items.size();
        if (at == items.size() || &items[at] == &out)
            refuse_batch(
                "The batch request with id '" + out.id +
                "' depends on a request that is not another one of "
                "the batch.");
        out.depends_on.push_back(at);
    }
}

bool has_documented_pattern(std::vector<batch_item> const& items) {
    std::vector<std::size_t> with;
    for (std::size_t at = 0; at != items.size(); ++at)
        if (!items[at].depends_on.empty())
            with.push_back(at);
    if (with.empty())
        return true;
    if (with.size() + 1 != items.size())
        return false;
    auto const on_one = [&](auto expected) {
        return std::all_of(with.begin(), with.end(), [&](std::size_t at) {
            return items[at].depends_on == std::vector{expected(at)};
        });
    };
    auto const common = items[with.front()].depends_on.front();
    return on_one([](std::size_t at) { return at - 1; }) || on_one([common](std::size_t) { return common; });
}

std::vector<batch_item> read_items(request const& envelope) {
    auto const type = envelope.find("Content-Type").value_or("");
    if (!same_name(type.substr(0, type.find(';')), "application/json"))
        refuse_batch("The Content-Type of a batch must be application/json.");
    json::error_code failed;
    auto const body = json::parse(envelope.body, failed);
    if (failed || envelope.find("Content-Encoding"))
        refuse_batch("Unable to read JSON request payload.");
    auto const* const members = body.if_object();
    auto const* const requests = members ? members->if_contains("requests") : nullptr;
    auto const* const list = requests ? requests->if_array() : nullptr;
    if (!list || list->empty())
        refuse_batch("The body of a batch must be an object with a list 'requests' that is not empty.");
    if (list->size() > most_batch_items)
        refuse_batch(
            "Number of batch request steps exceeds the maximum value of " + std::to_string(most_batch_items) +
            ".");
    std::vector<batch_item> out;
    for (auto const& each : *list) {
        auto added = read_item(each, out.size(), envelope);
        if (position_of(out, added.id) != out.size())
            refuse_batch("The request id '" + added.id + "' is used twice.");
        out.push_back(std::move(added));
    }
    for (std::size_t at = 0; at != out.size(); ++at)
        if (auto const* const on = (*list)[at].get_object().if_contains("dependsOn"))
            read_dependencies(*on, out, out[at]);
    if (!has_documented_pattern(out))
        refuse_batch("'dependsOn' must be absent, name the request before, or name the same request in all "
                     "others.");
    return out;
}

}

bool is_batch_path(std::string_view path) noexcept {
    auto const end = path.find('/', 1);
    if (end == std::string_view::npos)
        return false;
    return std::find(std::begin(batch_names), std::end(batch_names), path.substr(end)) !=
           std::end(batch_names);
}

std::variant<std::vector<batch_item>, batch_problem> parse_batch(request const& envelope) {
    try {
        return read_items(envelope);
    } catch (batch_problem& problem) {
        return std::move(problem);
    }
}

}
