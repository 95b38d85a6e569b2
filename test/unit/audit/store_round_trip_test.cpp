#include "audit/export.hpp"
#include "audit/store/stored_ledger.hpp"
#include "unit/audit/drained.hpp"
#include "unit/audit/samples.hpp"
#include "unit/audit/store_helpers.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::test;

namespace {

/// Draws rows as they could come, and worse.
class drawn {
public:
    explicit drawn(unsigned seed) : engine_(seed) {}

    std::uint64_t below(std::uint64_t limit) {
        return std::uniform_int_distribution<std::uint64_t>(0, limit - 1)(engine_);
    }

    bool sometimes() { return below(3) == 0; }

    /// Well-formed UTF-8, as JSON and invalid entries have it.
    std::string text() {
        std::string out;
        for (auto left = below(6); left != 0; --left)
            out += pieces[below(pieces.size())];
        return out;
    }

    /// Bytes, as a server may send them.
    std::string bytes() {
        auto out = text();
        for (auto left = below(3); left != 0; --left)
            out += static_cast<char>(below(256));
        return out;
    }

    /// No two references are equal by chance; none may be sent.
    assignment_ref reference() {
        auto id = bytes() + '?' + std::to_string(++references_);
        switch (below(3)) {
        case 0:
            return assignment_ref::user(bytes() + '?', std::move(id));
        case 1:
            return assignment_ref::group(bytes() + '?', std::move(id));
        default:
            return assignment_ref::admin(std::move(id));
        }
    }

    allotment value() {
        allotment out;
        if (!sometimes())
            out.id = text();
        if (!sometimes())
            out.allotted_units = static_cast<std::int32_t>(below(1ULL << 32) - (1ULL << 31));
        if (!sometimes())
            out.consumed_units = static_cast<std::int32_t>(below(4));
        if (!sometimes())
            out.assignable_to = assignee_types{static_cast<std::uint8_t>(below(8)), {}};
        if (!sometimes())
            out.sku_part_number = text();
        if (sometimes()) {
            guid id{};
            for (auto& byte : id)
                byte = static_cast<std::uint8_t>(below(256));
            out.sku_id = id;
        }
        if (sometimes())
            out.services.emplace(below(3)).resize(2);
        if (sometimes()) {
            auto& subscription = out.subscriptions.emplace().emplace_back();
            subscription.subscription_id = text();
            subscription.tags = subscription_tags{1, {"gift"}};
        }
        if (sometimes())
            out.unknown_members.push_back({"x" + std::to_string(below(4)), R"([{"a":null},1.50])"});
        return out;
    }

    batch_item item(std::uint64_t number, assignment_ref reference) {
        exchange_info info;
        info.http_status = static_cast<int>(below(600));
        info.attempts = static_cast<std::uint32_t>(below(1ULL << 32));
        info.request_id = bytes();
        info.client_request_id = bytes();
        info.duration = std::chrono::nanoseconds(below(1ULL << (10 + below(40))));
        if (below(2) == 0)
            return {number, std::move(reference), values_[below(values_.size())], info};
        failure why;
        why.code = codes[below(codes.size())];
        why.message = bytes();
        why.graph_code = sometimes() ? bytes() : "";
        why.reason = static_cast<end_reason>(below(5));
        return {number, std::move(reference), std::move(why), info};
    }

    invalid_entry invalid(std::uint64_t position) {
        auto out = sample_invalid(position, text(), static_cast<assignment_scope>(below(3)));
        out.principal_id = text();
        out.problem = text();
        return out;
    }

private:
    static inline std::vector<std::string> const pieces{
        "a",
        "Z9",
        " ",
        std::string("\0", 1),
        "\"",
        "\\",
        "\n",
        "\r\n",
        "\x1b[31m",
        "'",
        "=1+1",
        ",",
        "\xc3\xa9",
        "\xe2\x80\xae",
        "\xf0\x9f\x92\xa3",
        "\xef\xbf\xbd",
        "\x7f",
        "null",
        "');--",
        std::string(3'000, 'x')};
    static constexpr std::array codes{errc::invalid_reference, errc::forbidden,    errc::not_found,
                                      errc::throttled,         errc::server_error, errc::bad_body,
                                      errc::no_allotment,      errc::redirected,   errc::timed_out};

    std::mt19937 engine_;
    std::uint64_t references_ = 0;
    std::vector<allotment> values_ = [this] {
        std::vector<allotment> out;
        for (int count = 0; count != 40; ++count)
            out.push_back(value());
        return out;
    }();
};

/// The rows as they were written, by position, in both formats.
struct written {
    std::map<std::uint64_t, std::string> ndjson;
    std::map<std::uint64_t, std::string> csv;

    void add(audit_row const& row) {
        append_ndjson(ndjson[row.position], row);
        append_csv(csv[row.position], row);
    }

    static std::string all(std::map<std::uint64_t, std::string> const& rows, std::string out = {}) {
        for (auto const& [position, text] : rows)
            out += text;
        return out;
    }
};

struct fixture : store_fixture {
    std::string exported(row_format format) const {
        row_output output(folder / "rows");
        BOOST_TEST(export_rows(reader(), format, output) == reader().counts().rows());
        return text_of(folder / "rows");
    }

    /// A store of so many drawn entries. Every fifth is invalid, every seventh repeats an earlier one.
    written fill(unsigned seed, std::uint64_t count) {
        drawn draw(seed);
        written out;
        std::vector<std::pair<assignment_ref, std::vector<std::uint64_t>>> references;
        std::vector<input_entry> entries;
        for (std::uint64_t position = 1; position <= count; ++position) {
            if (position % 5 == 0) {
                auto entry = draw.invalid(position);
                out.add(make_row(entry));
                entries.emplace_back(std::move(entry));
                continue;
            }
            if (position % 7 != 0)
                references.emplace_back(draw.reference(), std::vector<std::uint64_t>());
            auto& [reference, positions] =
                position % 7 != 0 ? references.back() : references[draw.below(references.size())];
            positions.push_back(position);
            entries.emplace_back(reference);
        }
        read(entries);
        stored_ledger ledger(*store, open_for_pending(path), "the store", [](audit_row const&) {});
        auto const given = drained(ledger.references());
        BOOST_TEST_REQUIRE(given.size() == references.size());
        for (std::size_t at = references.size(); at-- != 0;) {
            auto const& [reference, positions] = references[at];
            BOOST_TEST_REQUIRE((given[at].reference == reference));
            auto const item = draw.item(at + 1, reference);
            ledger.write(item);
            for (auto const position : positions)
                out.add(make_row(position, item));
        }
        ledger.end({}, {});
        return out;
    }
};

}

BOOST_FIXTURE_TEST_SUITE(store_round_trip, fixture)

BOOST_AUTO_TEST_CASE(rows_come_out_as_they_went_in) {
    for (unsigned const seed : {1U, 2U, 3U}) {
        auto const went_in = fill(seed, 700);
        reopen();
        written came_out;
        reader().for_each_row(row_order::input, [&came_out](audit_row const& row) {
            BOOST_TEST(row.allotment_json.empty() == (row.allotment == nullptr));
            came_out.add(row);
        });
        BOOST_TEST_REQUIRE(came_out.ndjson.size() == 700U);
        for (auto const& [position, text] : went_in.ndjson)
            BOOST_TEST(came_out.ndjson[position] == text);
        for (auto const& [position, text] : went_in.csv)
            BOOST_TEST(came_out.csv[position] == text);
        store.reset();
        std::filesystem::remove(path);
        store = open_store(path);
    }
}

BOOST_AUTO_TEST_CASE(an_export_is_the_rows_in_input_order) {
    auto const went_in = fill(4, 500);
    BOOST_TEST((exported(row_format::ndjson) == written::all(went_in.ndjson)));
    BOOST_TEST((exported(row_format::csv) == written::all(went_in.csv, csv_header())));
}

BOOST_AUTO_TEST_CASE(an_export_of_an_unfinished_audit_has_the_rows_there_are) {
    read({assignment_ref::admin("a"), sample_invalid(2, "x"), assignment_ref::admin("b")});
    auto text = exported(row_format::ndjson);
    BOOST_TEST(text.starts_with(R"({"position":2,)"), text);
    write_row(*store, sample_row(3));
    text = exported(row_format::ndjson);
    BOOST_TEST(text.starts_with(R"({"position":2,)"), text);
    BOOST_TEST(
        text.find(R"({"position":3,"scope":"admin","principalId":null,"assignmentId":"b",)") != text.npos);
}

BOOST_AUTO_TEST_SUITE_END()
