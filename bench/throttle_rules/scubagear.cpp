// cisagov/ScubaGear, PowerShell/ScubaGear/Modules/Utility/Utility.psm1, Invoke-GraphBatchRequest: $batch, one
// after the other, of 20 items. Items that got 429 are sent again, 5 times at most, after their longest
// Retry-After times 2^retries, 300 s at most; later batches are half as large from then on, 1 at least.
// Without a Retry-After nothing is sent again. It is not for single look-ups; its caller has the whole list.
#include "throttle_rules/look_ups.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace bench {
namespace {

constexpr int most_batch_retries = 5;
constexpr seconds_of longest_wait{300};
constexpr std::size_t largest_batch = 20;

using id_list = std::vector<std::string const*>;

std::string batch_of(id_list const& ids) {
    std::string out = "{\"requests\":[";
    for (std::size_t each = 0; each != ids.size(); ++each)
        out += (each == 0 ? "{\"id\":\"" : ",{\"id\":\"") + std::to_string(each) +
               "\",\"method\":\"GET\",\"url\":\"/admin/cloudLicensing/assignments/" + *ids[each] +
               "/allotment\"}";
    return out + "]}";
}

std::optional<seconds_of> hint_of(boost::json::object const& item) {
    auto const fields = item.if_contains("headers");
    if (!fields || !fields->is_object())
        return std::nullopt;
    for (auto const& field : fields->get_object())
        if (boost::beast::iequals(field.key(), "Retry-After") && field.value().is_string())
            return whole_seconds(std::string_view(field.value().get_string()));
    return std::nullopt;
}

/// What a batch left to be sent again.
struct throttled_items {
    id_list ids;
    std::optional<seconds_of> longest_hint;
};

throttled_items read_answers(run& of, answer const& got, id_list const& ids, bool may_retry) {
    throttled_items out;
    if (got.status != 200) { // here envelopes are not throttled
        for (std::size_t each = 0; each != ids.size(); ++each)
            of.ended(false);
        return out;
    }
    auto const parsed = boost::json::parse(got.body);
    for (auto const& each : parsed.at("responses").as_array()) {
        auto const& item = each.as_object();
        auto const status = item.at("status").as_int64();
        if (status != 429 || !may_retry) {
            of.ended(status == 200);
            continue;
        }
        out.ids.push_back(ids.at(std::stoul(std::string(item.at("id").as_string()))));
        if (auto const hint = hint_of(item))
            out.longest_hint = std::max(out.longest_hint.value_or(*hint), *hint);
    }
    return out;
}

boost::asio::awaitable<void> send_batches(run& of) {
    auto const over = co_await transport::make(of, 1);
    auto size = largest_batch;
    for (;;) {
        id_list pending;
        while (pending.size() != size) {
            auto const id = of.next();
            if (!id)
                break;
            pending.push_back(id);
        }
        if (pending.empty())
            co_return;
        for (int retries = 0; !pending.empty(); ++retries) {
            auto const body = batch_of(pending);
            auto const got = co_await over->post_batch(body);
            auto left = read_answers(of, got, pending, retries != most_batch_retries);
            if (!left.ids.empty() && !left.longest_hint) {
                for (std::size_t each = 0; each != left.ids.size(); ++each)
                    of.ended(false);
                left.ids.clear();
            }
            pending = std::move(left.ids);
            if (pending.empty())
                break;
            size = std::max<std::size_t>(size / 2, 1);
            auto const pause = std::min(*left.longest_hint * std::ldexp(1.0, retries), longest_wait);
            co_await wait(of.context, std::chrono::ceil<std::chrono::nanoseconds>(pause));
        }
    }
}

}

void start_scubagear(run& of) {
    boost::asio::co_spawn(of.context, send_batches(of), boost::asio::detached);
}

}
