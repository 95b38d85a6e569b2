// Writes the report of a made-up audit: report_sample FILE ROWS ordinary|hostile
#include "audit/report/write_report.hpp"
#include "audit/row_output.hpp"
#include "support/memory_audit.hpp"

#include <array>
#include <cstdint>
#include <exception>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace allot;
using namespace allot::test;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

struct pool_plan {
    std::string sku;
    std::int32_t allotted = 0;
    std::int32_t consumed = 0;
    int weight = 1; // how many of the assignments draw from it
};

std::vector<pool_plan> const ordinary_pools{
    {"POWER_BI_PRO", 450, 463, 3},
    {"VISIOCLIENT", 75, 75, 1},
    {"PROJECT_P1", 40, 40, 1},
    {"SPE_E5", 3'000, 2'990, 20},
    {"SPE_E5", 380, 378, 3},
    {"SPE_E3", 12'000, 11'240, 60},
    {"SPE_E3", 2'500, 1'900, 10},
    {"SPE_E3", 500, 500, 4},
    {"SPE_F1", 4'000, 2'812, 20},
    {"EMSPREMIUM", 1'500, 890, 6},
    {"Microsoft_365_Copilot", 600, 551, 5},
    {"Microsoft_Teams_Rooms_Pro", 120, 61, 1},
    {"POWERAPPS_PER_USER", 250, 14, 1},
    {"DYN365_ENTERPRISE_SALES", 300, 21, 1},
    {"WIN10_VDA_E3", 1'000, 3, 1},
    {"FLOW_FREE", 10'000, 4'127, 12},
    {"MCOMEETADV", 0, 0, 1},
    {"STREAM", 1, 0, 1},
};

// Each would do something if it were taken for more than a name. The browser test looks for `hostile`.
std::vector<std::string> hostile_names() {
    return {
        "</script><script>window.hostile='script'</script>",
        "<img src=x onerror=\"window.hostile='image'\">",
        "\"><svg onload=window.hostile='svg'>",
        "' onmouseover='window.hostile=1' x='",
        "<!--<script>",
        "--></style><style>body{display:none}</style>",
        "<a href=\"javascript:window.hostile=1\">link</a>",
        "&lt;b&gt; &amp;amp; &#60;",
        "]]></title></textarea><h1>hostile</h1>",
        "${window.hostile=1} {{7*7}}",
        "safe\u202e5E_EPS",
        "line\u2028separator\u2029",
        std::string("nul\0 escape\x1b[31m bell\x07", 22),
        "ill-formed \xff\xc0\xaf utf-8",
        "\u05e2\u05d1\u05e8\u05d9\u05ea",
        std::string(1'048'576, 'L'),
        "<script>alert(1)</script>" + std::string(100'000, '<'),
    };
}

std::string hex_id(std::mt19937_64& random) {
    std::string out;
    for (int digits : {8, 4, 4, 4, 12}) {
        out += out.empty() ? "" : "-";
        while (digits-- != 0)
            out += "0123456789abcdef"[random() % 16];
    }
    return out;
}

exchange_info exchange_of(std::mt19937_64& random, int status, std::uint32_t attempts = 1) {
    exchange_info out;
    out.http_status = status;
    out.attempts = attempts;
    out.request_id = hex_id(random);
    out.duration = std::chrono::microseconds(20'000 + random() % 90'000) * attempts;
    return out;
}

failure failure_of(errc code, char const* message, end_reason reason, exchange_info exchange) {
    failure out;
    out.code = code;
    out.message = message;
    out.reason = reason;
    out.exchange = std::move(exchange);
    return out;
}

class sample_maker {
public:
    explicit sample_maker(bool hostile) : hostile_(hostile) {
        for (auto const& plan : ordinary_pools)
            add_pool(plan);
        if (hostile_)
            for (auto const& name : hostile_names())
                add_pool({name, 50, 45, 1});
    }

    memory_audit make(std::uint64_t rows) {
        memory_audit out;
        out.is = audit_identity{
            hostile_ ? "<b>ids</b>.txt" : "ids.txt",
            {{"graph-url", "https://graph.microsoft.com/beta"},
             {"select", "id,skuId,skuPartNumber,allottedUnits,consumedUnits"},
             {"tenant",
              hostile_ ? "</script><script>window.hostile=2</script>" : "contoso.onmicrosoft.com"}}};
        for (std::uint64_t position = 1; position <= rows; ++position)
            out.rows.push_back(make_entry(position));
        add_runs(out, rows);
        return out;
    }

private:
    void add_pool(pool_plan const& plan) {
        allotment pool;
        pool.id = hostile_ && plan.sku.size() > 60 ? plan.sku : hex_id(random_);
        pool.sku_part_number = plan.sku;
        pool.allotted_units = plan.allotted;
        pool.consumed_units = plan.consumed;
        for (int copy = 0; copy != plan.weight; ++copy)
            by_weight_.push_back(pools_.size());
        pools_.push_back(std::move(pool));
    }

    memory_audit::entry make_entry(std::uint64_t position) {
        auto reference = make_reference();
        auto const draw = random_() % 10'000;
        if (draw < 4)
            return make_invalid(position);
        if (draw < 60)
            return fail(position, std::move(reference), make_failure(draw));
        if (draw < 140)
            return fail(
                position, std::move(reference),
                failure_of(
                    errc::not_found, "Graph knows no such assignment", end_reason::permanent,
                    exchange_of(random_, 404)));
        if (draw < 400)
            return fail(
                position, std::move(reference),
                failure_of(errc::no_allotment, "", end_reason::permanent, exchange_of(random_, 204)));
        return {batch_item(
            position, std::move(reference), pools_[by_weight_[random_() % by_weight_.size()]],
            exchange_of(random_, 200))};
    }

    static memory_audit::entry fail(std::uint64_t position, assignment_ref reference, failure why) {
        auto exchange = why.exchange;
        return batch_item(position, std::move(reference), std::move(why), std::move(exchange));
    }

    assignment_ref make_reference() {
        auto id = hex_id(random_);
        auto const draw = random_() % 10;
        if (draw < 6)
            return assignment_ref::user(hex_id(random_), std::move(id));
        return draw < 7 ? assignment_ref::group(hex_id(random_), std::move(id))
                        : assignment_ref::admin(std::move(id));
    }

    memory_audit::entry make_invalid(std::uint64_t position) {
        auto const names = hostile_names();
        return {invalid_entry{
            position, position, assignment_scope::admin, "",
            hostile_ ? names[position % names.size()] : "3f2a/../77",
            "line " + std::to_string(position) + ": an assignment id has no '/'"}};
    }

    failure make_failure(std::uint64_t draw) {
        char const* const markup =
            "Graph answered <iframe src=\"data:text/html,<script>window.hostile=3</script>\">";
        if (draw < 30)
            return failure_of(
                errc::server_error, hostile_ ? markup : "Graph answered 503 serviceNotAvailable six times",
                end_reason::attempts, exchange_of(random_, 503, 6));
        if (draw < 45)
            return failure_of(
                errc::timed_out, "no answer within 30 s", end_reason::attempts, exchange_of(random_, 0, 6));
        if (draw < 55)
            return failure_of(
                errc::forbidden, "the token lacks User-CloudLicensing.Read.All", end_reason::permanent,
                exchange_of(random_, 403));
        return failure_of(
            errc::bad_body, "the answer is text/html, not JSON", end_reason::permanent,
            exchange_of(random_, 200));
    }

    void add_runs(memory_audit& out, std::uint64_t rows) {
        auto const first_start = std::chrono::sys_days(std::chrono::year(2026) / 3 / 9) + 8h + 30min;
        auto const stopped_at = rows * 2 / 5;
        add_run(out, 1, first_start, 0, stopped_at, "signal");
        add_run(out, 2, first_start + 3h, stopped_at, rows, "complete");
    }

    // Some 800 rows a second, with a block of 12 s in the midst of each run.
    void add_run(
        memory_audit& out, std::uint64_t number, stored_run::time_point start, std::uint64_t from,
        std::uint64_t to, char const* end) {
        stored_run run;
        run.number = number;
        run.started = start;
        run.end = end;
        auto at = start;
        for (auto rows = from; rows < to;) {
            at += 1s;
            auto const second = (at - start) / 1s;
            bool const blocked = second >= 20 && second < 32;
            rows = std::min(to, rows + (blocked ? 0 : 700 + random_() % 220));
            run.requests = (rows - from) * 103 / 100;
            run.retries = run.requests - (rows - from);
            run.throttled = second >= 20 ? 16 : 0;
            run.held += blocked ? 1s : 0s;
            out.had_samples.push_back(
                {number, at, rows, run.requests, run.retries, run.throttled, run.held, 64, {}});
        }
        run.ended = at;
        out.had_runs.push_back(run);
    }

    bool hostile_;
    std::mt19937_64 random_{1};
    std::vector<allotment> pools_;
    std::vector<std::size_t> by_weight_;
};

int write(std::string const& path, std::uint64_t rows, bool hostile) {
    auto audit = sample_maker(hostile).make(rows);
    report_params params;
    params.store_name = "audit.db";
    params.version = ALLOT_VERSION;
    params.generated_at = std::chrono::sys_days(std::chrono::year(2026) / 3 / 9) + 12h;
    row_output output(path);
    write_report(read_report_data(audit), params, [&](std::string_view piece) { output.append(piece); });
    output.finish();
    return 0;
}

}

int main(int argc, char** argv) try {
    if (argc != 4) {
        std::cerr << "usage: report_sample FILE ROWS ordinary|hostile\n";
        return 2;
    }
    return write(argv[1], std::stoull(argv[2]), argv[3] == "hostile"sv);
} catch (std::exception const& error) {
    std::cerr << "report_sample: " << error.what() << '\n';
    return 1;
}
