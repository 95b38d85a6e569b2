#include "simulator/journal.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace allot::simulation {
namespace {

using namespace std::chrono_literals;

journal_entry entry_of(unsigned status, bool early = false) {
    journal_entry out;
    out.status = status;
    out.early = early;
    return out;
}

BOOST_AUTO_TEST_SUITE(journal_suite)

BOOST_AUTO_TEST_CASE(one_line_of_json) {
    journal_entry entry;
    entry.time = 12'045us;
    entry.connection = 7;
    entry.method = "GET";
    entry.target = "/beta/\"\n";
    entry.fields = {{"Host", "h"}, {"X-One", "1"}, {"x-one", "2"}};
    entry.status = 200;
    BOOST_TEST(
        to_json(entry) ==
        R"({"time":12.045,"connection":7,"method":"GET","target":"/beta/\"\u000a","fields":{"Host":"h","X-One":"1, 2"},)"
        R"("status":200,"rule":null,"early":false,"units":0})");
    entry.status = 0;
    entry.rule = 3;
    entry.early = true;
    entry.outcome = "reset";
    entry.fields.clear();
    entry.target = "/";
    BOOST_TEST(
        to_json(entry) ==
        R"({"time":12.045,"connection":7,"method":"GET","target":"/","fields":{},"status":null,)"
        R"("rule":3,"early":true,"units":0,"outcome":"reset"})");
}

BOOST_AUTO_TEST_CASE(authorization_shows_scheme_and_hash_only) {
    BOOST_TEST(redacted_authorization("Bearer abc") == "Bearer sha256:ba7816bf8f01cfea");
    BOOST_TEST(redacted_authorization("Basic YTpi") == "Basic sha256:0da6116356bf33fc");
    BOOST_TEST(redacted_authorization("abc") == "sha256:ba7816bf8f01cfea");
}

BOOST_AUTO_TEST_CASE(counts_by_kind_and_status) {
    journal notes(false);
    notes.add_connection();
    notes.add(entry_of(200), journal::kind::graph);
    notes.add(entry_of(200), journal::kind::graph);
    notes.add(entry_of(0), journal::kind::graph);
    notes.add(entry_of(429), journal::kind::throttled);
    notes.add(entry_of(429, true), journal::kind::throttled);
    notes.add(entry_of(200), journal::kind::token);
    notes.add_resumed_session();
    auto const seen = notes.stats();
    BOOST_TEST(seen.requests == 5u);
    BOOST_TEST(seen.throttled == 2u);
    BOOST_TEST(seen.early == 1u);
    BOOST_TEST(seen.token_requests == 1u);
    BOOST_TEST(seen.connections == 1u);
    BOOST_TEST(seen.sessions_resumed == 1u);
    BOOST_TEST((seen.by_status == std::map<unsigned, std::uint64_t>{{0, 1}, {200, 2}, {429, 2}}));
    BOOST_TEST(notes.entries().empty());
}

BOOST_AUTO_TEST_CASE(items_are_counted_beside_their_batch) {
    journal notes(true);
    auto batch = entry_of(200, true);
    batch.time = 2'500ms;
    batch.units = 3;
    batch.items = {
        {"1", "/beta/a", 200, {}, false, false},
        {"2", "/beta/b", 429, {}, true, false},
        {"\"3", "/beta/c", 429, {}, true, true},
        {"4", "/beta/d", 503, 7, false, false}};
    auto single = entry_of(429, true);
    single.time = 2'999'999us;
    notes.add(batch, journal::kind::graph);
    notes.add(single, journal::kind::throttled);
    auto const seen = notes.stats();
    BOOST_TEST(seen.requests == 2u);
    BOOST_TEST(seen.batch_items == 4u);
    BOOST_TEST(seen.throttled == 3u);
    BOOST_TEST(seen.early == 2u);
    BOOST_TEST(seen.units == 3u);
    BOOST_TEST((seen.by_status == std::map<unsigned, std::uint64_t>{{200, 1}, {429, 1}}));
    BOOST_TEST((seen.items_by_status == std::map<unsigned, std::uint64_t>{{200, 1}, {429, 2}, {503, 1}}));
    BOOST_TEST_REQUIRE(seen.seconds.size() == 3u);
    BOOST_TEST(seen.seconds[1].requests == 0u);
    BOOST_TEST(seen.seconds[2].requests == 2u);
    BOOST_TEST(seen.seconds[2].batch_items == 4u);
    BOOST_TEST(seen.seconds[2].throttled == 3u);
    BOOST_TEST(seen.seconds[2].early == 2u);
    BOOST_TEST(seen.seconds[2].units == 3u);
    BOOST_TEST(
        to_json(batch).find(
            R"("items":[{"id":"1","target":"/beta/a","status":200,"rule":null,"early":false},)") !=
        std::string::npos);
    BOOST_TEST(
        to_json(batch).find(R"({"id":"4","target":"/beta/d","status":503,"rule":7,"early":false}])") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(keeps_entries_when_asked_and_tells_who_waits) {
    journal notes(true);
    BOOST_TEST(!notes.wait_for(1, 0ms));
    notes.add(entry_of(404), journal::kind::graph);
    notes.add(entry_of(200), journal::kind::token);
    BOOST_TEST(notes.wait_for(2, 0ms));
    notes.add(entry_of(200), journal::kind::discovery);
    BOOST_TEST(notes.wait_for(3, 0ms));
    BOOST_TEST(notes.stats().discovery_requests == 1u);
    BOOST_TEST(notes.stats().requests == 1u);
    BOOST_TEST(!notes.wait_for(4, 0ms));
    BOOST_TEST(notes.entries().size() == 3u);
    BOOST_TEST(notes.entries()[0].status == 404u);
}

BOOST_AUTO_TEST_CASE(lines_that_cannot_be_written_are_counted) {
    journal notes(false);
    BOOST_TEST(!notes.open("/nonexistent-folder/journal"));
    BOOST_TEST(!notes.detailed());
    BOOST_TEST_REQUIRE(notes.open("/dev/full"));
    BOOST_TEST(notes.detailed());
    notes.add(entry_of(200), journal::kind::graph);
    notes.add(entry_of(200), journal::kind::graph);
    BOOST_TEST(notes.stats().journal_lines_lost == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
