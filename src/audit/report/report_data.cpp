#include "audit/report/report_data.hpp"

#include "audit/report/page_text.hpp"
#include "audit/sku_name.hpp"
#include "base/sha256.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace allot {
namespace {

constexpr std::size_t most_examples = 5;
constexpr std::size_t most_rate_points = 240;

row_example example_of(audit_row const& row) {
    return {
        row.position, row.scope, page_text(row.principal_id, most_id_bytes),
        page_text(row.assignment_id, most_id_bytes)};
}

// What a map may hold of a text from outside, however long that is. Two letters keep the two forms apart.
std::string key_of(std::string_view text) {
    return text.size() <= most_id_bytes ? "=" + std::string(text) : "#" + to_hex(sha256(text));
}

bool before(std::optional<unit_count> const& left, std::optional<unit_count> const& right) noexcept {
    if (!left || !right)
        return left.has_value() && !right;
    return runs_out_before(*left, *right);
}

/// The order that `comes_before` gives the indices of `values`.
template <class T, class Compare>
std::vector<std::size_t> sorted_indices(std::vector<T> const& values, Compare comes_before) {
    std::vector<std::size_t> out(values.size());
    std::iota(out.begin(), out.end(), std::size_t{0});
    std::stable_sort(out.begin(), out.end(), [&](std::size_t left, std::size_t right) {
        return comes_before(values[left], values[right]);
    });
    return out;
}

/// Puts `values` into that order; the answer says where each one went.
template <class T>
std::vector<std::size_t> rearrange(std::vector<T>& values, std::vector<std::size_t> const& order) {
    std::vector<T> sorted;
    std::vector<std::size_t> now_at(values.size());
    sorted.reserve(values.size());
    for (auto const index : order) {
        now_at[index] = sorted.size();
        sorted.push_back(std::move(values[index]));
    }
    values = std::move(sorted);
    return now_at;
}

class report_builder {
public:
    explicit report_builder(kept_rows_limits const& limits) : table_(limits) {}

    void add(audit_row const& row) {
        ++data_.rows;
        ++data_.outcomes[static_cast<std::size_t>(row.outcome)];
        if (row.outcome != audit_outcome::invalid_input)
            data_.latency.add(row.duration);
        if (row.outcome == audit_outcome::none)
            add_example(data_.none, row);
        if (row.outcome == audit_outcome::not_found)
            add_example(data_.not_found, row);
        if (!is_good(row.outcome))
            add_error(row);
        table_.add(row, row.allotment != nullptr ? add_allotment(*row.allotment) : kept_row::no_pool);
    }

    report_data finish() {
        add_up_skus();
        data_.table = table_.take();
        data_.table_is_complete = !table_.dropped();
        sort();
        return std::move(data_);
    }

private:
    static void add_example(std::vector<row_example>& examples, audit_row const& row) {
        if (examples.size() < most_examples)
            examples.push_back(example_of(row));
    }

    void add_error(audit_row const& row) {
        auto const code = row.error ? std::string(row.error->code) : std::string();
        auto const reason = row.error ? std::string(row.error->reason) : std::string();
        auto const [found, is_new] =
            errors_.try_emplace(std::tuple(row.outcome, code, reason, row.http_status), data_.errors.size());
        if (is_new)
            data_.errors.push_back(
                {code, reason, row.http_status, row.outcome, 0,
                 row.error ? page_text(without_request(row.error->message), most_message_bytes)
                           : std::string(),
                 example_of(row)});
        ++data_.errors[found->second].rows;
    }

    std::size_t add_sku(std::string const& name) {
        auto const [found, is_new] = skus_.try_emplace(key_of(name), data_.skus.size());
        if (is_new)
            data_.skus.emplace_back().name = page_text(name, most_name_bytes);
        ++data_.skus[found->second].rows;
        return found->second;
    }

    std::size_t add_allotment(allotment const& value) {
        auto const sku = add_sku(sku_name(value));
        bool const has_id = value.id && !value.id->empty();
        auto const key = has_id ? "id" + key_of(*value.id) : "sku" + std::to_string(sku);
        auto const [found, is_new] = pools_.try_emplace(key, data_.pools.size());
        if (is_new)
            data_.pools.emplace_back().id = has_id ? page_text(*value.id, most_id_bytes) : std::string();
        auto& pool = data_.pools[found->second];
        auto const units = has_id ? units_of(value) : std::nullopt; // without an id they would count twice
        pool.changed = pool.changed || (pool.rows != 0 && pool.units != units);
        pool.sku = sku;
        pool.units = units;
        ++pool.rows;
        return found->second;
    }

    void add_up_skus() {
        for (auto const& pool : data_.pools) {
            auto& sku = data_.skus[pool.sku];
            if (pool.id.empty())
                continue;
            ++sku.pools;
            if (!pool.units) {
                ++sku.pools_without_units;
                continue;
            }
            auto& sum = sku.units ? *sku.units : sku.units.emplace();
            sum.allotted += pool.units->allotted;
            sum.consumed += pool.units->consumed;
        }
    }

    // Ties go by name and id, so that the order does not depend on the order of the rows.
    void sort() {
        auto const sku_now_at =
            rearrange(data_.skus, sorted_indices(data_.skus, [](auto const& left, auto const& right) {
                          if (before(left.units, right.units) || before(right.units, left.units))
                              return before(left.units, right.units);
                          return left.name < right.name;
                      }));
        for (auto& pool : data_.pools)
            pool.sku = sku_now_at[pool.sku];
        auto const pool_now_at =
            rearrange(data_.pools, sorted_indices(data_.pools, [](auto const& left, auto const& right) {
                          if (before(left.units, right.units) || before(right.units, left.units))
                              return before(left.units, right.units);
                          return std::tie(left.sku, left.id) < std::tie(right.sku, right.id);
                      }));
        for (auto& row : data_.table)
            if (row.pool != kept_row::no_pool)
                row.pool = pool_now_at[row.pool];
        std::stable_sort(data_.errors.begin(), data_.errors.end(), [](auto const& left, auto const& right) {
            return left.rows > right.rows;
        });
    }

    report_data data_;
    kept_rows table_;
    std::unordered_map<std::string, std::size_t> skus_;
    std::unordered_map<std::string, std::size_t> pools_;
    std::map<std::tuple<audit_outcome, std::string, std::string, int>, std::size_t> errors_;
};

std::vector<report_run> with_lengths(std::vector<stored_run> runs, std::vector<run_sample> const& samples) {
    std::vector<report_run> out;
    for (auto& run : runs) {
        auto end = run.ended.value_or(run.started);
        for (auto const& sample : samples)
            if (!run.ended && sample.run == run.number)
                end = std::max(end, sample.at);
        auto const length = std::max((end - run.started).count(), std::int64_t{0});
        out.push_back({std::move(run), length});
    }
    return out;
}

}

std::uint64_t report_data::error_rows() const noexcept {
    return rows - of(audit_outcome::ok) - of(audit_outcome::none) - of(audit_outcome::not_found);
}

std::uint64_t report_data::named_pools() const noexcept {
    return static_cast<std::uint64_t>(
        std::count_if(pools.begin(), pools.end(), [](auto const& pool) { return !pool.id.empty(); }));
}

report_data read_report_data(audit_reader& reader, kept_rows_limits const& limits) {
    report_builder builder(limits);
    reader.for_each_row(row_order::input, [&](audit_row const& row) { builder.add(row); });
    auto out = builder.finish();
    auto const counts = reader.counts();
    out.identity = reader.identity();
    out.input_digest = reader.input_digest();
    out.phase = reader.phase();
    // A run may have committed rows since they were read.
    out.inputs = std::max(counts.inputs, out.rows);
    out.distinct = counts.distinct;
    auto runs = reader.runs();
    auto const samples = reader.samples();
    out.rate = make_rate_series(runs, samples, most_rate_points);
    out.runs = with_lengths(std::move(runs), samples);
    return out;
}

}
