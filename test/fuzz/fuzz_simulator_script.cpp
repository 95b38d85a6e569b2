// Scripts of the simulator: what is read is within its limits and can be run, what is refused says why.
#include "simulator/fault_rules.hpp"
#include "simulator/script.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

namespace simulation = allot::simulation;

void expect(bool condition) {
    if (!condition)
        std::abort();
}

bool is_counts(std::vector<std::uint64_t> const& values) {
    return std::ranges::is_sorted(values) && (values.empty() || values.front() >= 1);
}

void check_action(simulation::rule_action const& action) {
    expect(!action.status || (*action.status >= 200 && *action.status <= 599));
    expect(action.delay.count() >= 0 && action.delay <= std::chrono::hours(24));
    expect(!action.bytes_per_second || *action.bytes_per_second > 0);
    expect(!action.reset || !(action.half_close || action.truncate_close_notify));
    expect(!action.raw || !(action.status || action.body || !action.fields.empty()));
    for (auto const& field : action.fields) {
        expect(!field.name.empty() && field.name.find_first_of(": \t\r\n") == std::string::npos);
        for (auto const& value : field.values)
            expect(value.find_first_of("\r\n") == std::string::npos);
    }
}

void check_rules(std::vector<simulation::rule> const& rules) {
    for (auto const& [match, action] : rules) {
        expect(is_counts(match.nth));
        expect(!match.every || *match.every >= 1);
        expect(!match.probability || (*match.probability >= 0 && *match.probability <= 1));
        expect(match.after.count() >= 0 && (!match.length || match.length->count() >= 0));
        check_action(action);
    }
    simulation::fault_rules running(rules, 1);
    for (std::string_view const path :
         {"/", "/beta/users/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/cloudLicensing/assignments/b/allotment"})
        for (auto const of :
             {simulation::fault_rules::endpoint::graph, simulation::fault_rules::endpoint::item,
              simulation::fault_rules::endpoint::token}) {
            auto const found = running.match(of, path, std::chrono::seconds(1));
            expect(!found || *found < rules.size());
            expect(
                !found || of != simulation::fault_rules::endpoint::item ||
                !rules[*found].action.is_of_connection());
        }
}

// Two days of requests: no budget is exceeded, and what is refused is told a time within the block.
void check_throttle(simulation::throttle_params const& params) {
    expect(params.per_second > 0 && params.burst >= 1 && params.retry_after.count() >= 1);
    simulation::throttle running(params);
    for (int second = 0; second <= 2 * 86'400; second += second < 100 ? 1 : 4'321) {
        auto const verdict =
            running.arrive(simulation::throttle::time_point(std::chrono::seconds(second)), 3);
        expect(verdict.usage >= 0 && verdict.usage <= 1.8);
        expect(verdict.refused || !verdict.early);
        expect(!verdict.refused || (verdict.rest.count() > 0 && verdict.rest <= params.retry_after));
        auto const level = running.current();
        expect(level.limit >= 1 && level.remaining >= 0 && level.remaining <= level.limit);
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    // Files are not what this is about: what is large or has no end is the user's choice.
    if (text.find("body_file") != text.npos)
        return 0;
    auto const script = simulation::parse_script(text);
    if (!script) {
        auto const& message = script.error().message;
        expect(message.starts_with("script: ") && message.size() > 10);
        for (char const c : message)
            expect(static_cast<unsigned char>(c) >= ' ');
        return 0;
    }
    check_rules(script->rules);
    expect(script->pages.size >= 1);
    expect(script->token_lifetime.count() >= 1);
    expect(is_counts(script->revoke_tokens_at));
    if (script->throttle)
        check_throttle(*script->throttle);
    return 0;
}
