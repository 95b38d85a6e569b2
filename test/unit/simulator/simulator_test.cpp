#include "scratch_folder.hpp"
#include "simulator/cloud_hosts.hpp"
#include "simulator/simulator.hpp"
#include "tls_client.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

namespace allot::simulation {
namespace {

using namespace std::chrono_literals;
using end = tls_client::end;

std::string content(std::string const& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::uint16_t port_of(std::string const& url) {
    return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

/// A simulator that runs a script, with a token in hand.
struct served {
    explicit served(std::string_view rules = "[]", simulator_params params = {}) {
        params.assignments = 30;
        params.keep_journal = true;
        params.script = parse_script(R"({"rules": )" + std::string(rules) + "}").value();
        auto started = simulator::start(std::move(params));
        BOOST_TEST_REQUIRE(started.has_value());
        here = std::move(*started);
    }

    tls_client connect(std::string const& host = "127.0.0.1") const {
        return tls_client(port_of(here->info().graph_url), here->info().ca_file, host);
    }

    std::string log_in(tls_client& over) const { return log_in(over, here->info().graph_url); }

    std::string log_in(tls_client& over, std::string const& resource) const {
        auto const& info = here->info();
        auto const body = "grant_type=client_credentials&client_id=" + info.client_id +
                          "&client_secret=" + content(info.client_secret_file) + "&scope=" + resource +
                          "/.default";
        over.write(
            "POST /" + info.tenant +
            "/oauth2/v2.0/token HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            "Content-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body);
        auto const answer = over.read_answer();
        BOOST_TEST_REQUIRE(answer.starts_with("HTTP/1.1 200 "));
        return std::string(
            boost::json::parse(answer.substr(answer.find("\r\n\r\n") + 4)).at("access_token").as_string());
    }

    std::string get(std::string const& token) const {
        return "GET /beta/admin/cloudLicensing/assignments/" + here->tenant().assignments()[0].id +
               "/allotment HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token + "\r\n\r\n";
    }

    std::unique_ptr<simulator> here;
};

BOOST_AUTO_TEST_SUITE(simulator_suite)

BOOST_AUTO_TEST_CASE(serves_over_verified_tls) {
    served const it;
    for (auto const* host : {"127.0.0.1", "localhost", "::1"}) {
        auto over = it.connect(host);
        auto const token = it.log_in(over);
        for (int each = 0; each != 3; ++each) {
            over.write(it.get(token));
            auto const answer = over.read_answer();
            BOOST_TEST(answer.starts_with("HTTP/1.1 200 OK\r\n"));
            BOOST_TEST(
                answer.find(
                    it.here->tenant().allotments()[*it.here->tenant().assignments()[0].allotment].id) !=
                std::string::npos);
        }
    }
    auto const seen = it.here->stats();
    BOOST_TEST(seen.requests == 9u);
    BOOST_TEST(seen.by_status.at(200) == 9u);
    BOOST_TEST(seen.token_requests == 3u);
    BOOST_TEST(seen.connections == 3u);
    auto const entries = it.here->journal();
    BOOST_TEST_REQUIRE(entries.size() == 12u);
    BOOST_TEST(entries.back().connection == 3u);
    BOOST_TEST((entries.front().time <= entries.back().time));
}

BOOST_AUTO_TEST_CASE(other_host_names_do_not_verify) {
    served const it;
    for (auto const* host : {"graph.example", "microsoft.com", "x.graph.microsoft.com"})
        BOOST_CHECK_THROW(it.connect(host), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(stands_in_for_the_hosts_of_every_cloud) {
    served const it;
    for (auto const host : cloud_authority_hosts)
        it.connect(std::string(host));
    for (auto const host : cloud_graph_hosts) {
        auto over = it.connect(std::string(host));
        auto const token = it.log_in(over, "https://" + std::string(host));
        over.write(
            "GET /beta/admin/cloudLicensing/assignments?$top=2 HTTP/1.1\r\nHost: " + std::string(host) +
            "\r\nAuthorization: Bearer " + token + "\r\n\r\n");
        auto const page = over.read_answer();
        BOOST_TEST(page.starts_with("HTTP/1.1 200 OK\r\n"));
        // A client does not follow a link to another host.
        auto const link = "\"@odata.nextLink\":\"https://" + std::string(host) + "/beta/admin/";
        BOOST_TEST(page.find(link) != std::string::npos, page);
    }
}

BOOST_AUTO_TEST_CASE(sessions_can_be_resumed) {
    served const it;
    auto first = it.connect();
    auto const token = it.log_in(first);
    auto const session = first.session();
    tls_client again(port_of(it.here->info().graph_url), it.here->info().ca_file, "127.0.0.1", session.get());
    BOOST_TEST(again.resumed());
    again.write(it.get(token));
    BOOST_TEST(again.read_answer().starts_with("HTTP/1.1 200 "));
    BOOST_TEST(it.here->stats().sessions_resumed == 1u);
}

BOOST_AUTO_TEST_CASE(pieces_of_requests_and_several_at_once) {
    served const it;
    auto over = it.connect();
    auto const token = it.log_in(over);
    for (auto const byte : it.get(token))
        over.write(std::string_view(&byte, 1));
    BOOST_TEST(over.read_answer().starts_with("HTTP/1.1 200 "));
    over.write("GARBAGE\r\n\r\n");
    BOOST_TEST(over.read_all().starts_with("HTTP/1.1 400 "));
    BOOST_TEST((over.how() == end::close_notify));
}

BOOST_AUTO_TEST_CASE(ways_to_end_on_the_wire) {
    struct {
        std::string_view action;
        std::size_t bytes;
        end how;
    } const cases[] = {
        {R"({"reset": true})", 0, end::reset},
        {R"({"close_after_bytes": 0})", 0, end::close_notify},
        {R"({"close_after_bytes": 100})", 100, end::close_notify},
        {R"({"close_after_bytes": 100, "truncate_close_notify": true})", 100, end::truncated},
        {R"({"raw": "HTTP/1.1 200 OK\r\n\r\n\u00ff", "truncate_close_notify": true})", 20, end::truncated},
        {R"({"half_close": true, "close_after_bytes": 3})", 3, end::close_notify},
        {R"({"half_close": true, "close_after_bytes": 3, "truncate_close_notify": true})", 3, end::truncated},
    };
    for (auto const& each : cases) {
        BOOST_TEST_CONTEXT(each.action) {
            served const it(R"([{"do": )" + std::string(each.action) + "}]");
            auto over = it.connect();
            auto const token = it.log_in(over);
            over.write(it.get(token));
            BOOST_TEST(over.read_all().size() == each.bytes);
            BOOST_TEST((over.how() == each.how));
            BOOST_TEST(it.here->wait_for_requests(2, 10s));
            BOOST_TEST(it.here->journal().back().rule.value() == 0u);
        }
    }
}

BOOST_AUTO_TEST_CASE(half_closed_connections_still_take_bytes) {
    served const it(R"([{"do": {"half_close": true}}])");
    auto over = it.connect();
    auto const token = it.log_in(over);
    over.write(it.get(token));
    BOOST_TEST(over.read_all().starts_with("HTTP/1.1 200 "));
    for (int each = 0; each != 10; ++each)
        over.write(it.get(token));
    BOOST_TEST(it.here->stats().requests == 1u);
}

BOOST_AUTO_TEST_CASE(slow_answers_come_in_pieces) {
    served const it(
        R"([{"do": {"raw": "HTTP/1.1 204 No Content\r\n\r\n", "drip_bytes_per_s": 400, "delay_ms": 20,
                                "close_after_bytes": 1000}}])");
    auto over = it.connect();
    auto const token = it.log_in(over);
    auto const before = std::chrono::steady_clock::now();
    over.write(it.get(token));
    std::vector<std::string> pieces;
    for (auto part = over.read(); !part.empty(); part = over.read())
        pieces.push_back(part);
    // 27 bytes: one piece of 20 and one of 7, 50 ms apart, 20 ms after the request.
    BOOST_TEST((pieces == std::vector<std::string>{"HTTP/1.1 204 No Cont", "ent\r\n\r\n"}));
    BOOST_TEST((std::chrono::steady_clock::now() - before >= 70ms));
}

BOOST_AUTO_TEST_CASE(large_answers) {
    served const it(R"([{"do": {"body": ")" + std::string(300'000, 'x') + R"("}}])");
    auto over = it.connect();
    auto const token = it.log_in(over);
    over.write(it.get(token));
    BOOST_TEST(over.read_answer().ends_with(std::string(300'000, 'x')));
}

BOOST_AUTO_TEST_CASE(many_connections_at_once) {
    served const it;
    std::vector<std::unique_ptr<tls_client>> open;
    for (int each = 0; each != 64; ++each)
        open.push_back(std::make_unique<tls_client>(
            port_of(it.here->info().graph_url), it.here->info().ca_file, "localhost"));
    auto const token = it.log_in(*open.front());
    for (auto const& each : open)
        each->write(it.get(token));
    for (auto const& each : open)
        BOOST_TEST(each->read_answer().starts_with("HTTP/1.1 200 "));
    BOOST_TEST(it.here->stats().connections == 64u);
}

BOOST_AUTO_TEST_CASE(stops_while_connections_wait_drip_and_shake_hands) {
    served it(R"([{"match": {"nth": [1]}, "do": {"delay_ms": 60000}}, {"do": {"drip_bytes_per_s": 1}}])");
    auto waiting = it.connect();
    auto const token = it.log_in(waiting);
    auto dripping = it.connect();
    auto idle = it.connect();
    waiting.write(it.get(token));
    BOOST_TEST_REQUIRE(it.here->wait_for_requests(2, 10s));
    dripping.write(it.get(token));
    BOOST_TEST_REQUIRE(it.here->wait_for_requests(3, 10s));
    it.here->stop();
    it.here->stop();
    BOOST_TEST(it.here->stats().requests == 2u);
    BOOST_TEST(it.here->journal().size() == 3u);
    BOOST_TEST(waiting.read_all().empty());
    BOOST_TEST(idle.read_all().empty());
}

BOOST_AUTO_TEST_CASE(stats_from_other_threads) {
    served const it;
    std::thread reader([&] {
        while (it.here->stats().requests < 50)
            it.here->journal();
    });
    auto over = it.connect();
    auto const token = it.log_in(over);
    for (int each = 0; each != 50; ++each) {
        over.write(it.get(token));
        over.read_answer();
    }
    reader.join();
    BOOST_TEST(it.here->stats().requests == 50u);
}

BOOST_AUTO_TEST_CASE(files_of_a_run) {
    scratch_folder const here;
    simulator_params params;
    params.ready_file = here / "ready.json";
    params.ids_file = here / "ids.txt";
    params.journal_file = here / "journal.ndjson";
    served it("[]", std::move(params));
    auto const& info = it.here->info();
    auto const ready = boost::json::parse(content(here / "ready.json")).as_object();
    BOOST_TEST(ready.size() == 6u);
    BOOST_TEST(std::string_view(ready.at("graph_url").as_string()) == info.graph_url);
    BOOST_TEST(std::string_view(ready.at("token_url").as_string()) == info.token_url);
    BOOST_TEST(std::string_view(ready.at("ca_file").as_string()) == info.ca_file);
    BOOST_TEST(std::string_view(ready.at("client_id").as_string()) == info.client_id);
    BOOST_TEST(std::string_view(ready.at("client_secret_file").as_string()) == info.client_secret_file);
    BOOST_TEST(std::string_view(ready.at("tenant").as_string()) == info.tenant);
    BOOST_TEST(info.token_url == info.graph_url + '/' + info.tenant + "/oauth2/v2.0/token");

    struct stat facts {};
    BOOST_TEST(::stat(info.client_secret_file.c_str(), &facts) == 0);
    BOOST_TEST((facts.st_mode & 0777U) == 0600U);
    BOOST_TEST(content(info.ca_file).find("PRIVATE") == std::string::npos);
    BOOST_TEST(content(info.ca_file).starts_with("-----BEGIN CERTIFICATE-----"));

    std::string ids;
    for (auto const& each : it.here->tenant().references())
        ids += each + '\n';
    BOOST_TEST(content(here / "ids.txt") == ids);
    BOOST_TEST(std::count(ids.begin(), ids.end(), '\n') == 30);

    auto over = it.connect();
    auto const token = it.log_in(over);
    over.write(it.get(token));
    over.read_answer();
    auto const lines = content(here / "journal.ndjson");
    BOOST_TEST(std::count(lines.begin(), lines.end(), '\n') == 2);
    BOOST_TEST(lines.find("\"Authorization\":\"Bearer sha256:") != std::string::npos);
    BOOST_TEST(lines.find(token) == std::string::npos);
    BOOST_TEST(lines.find(content(info.client_secret_file)) == std::string::npos);

    it.here->stop();
    BOOST_TEST(!std::filesystem::exists(here / "ready.json"));
    BOOST_TEST(!std::filesystem::exists(info.ca_file));
    BOOST_TEST(!std::filesystem::exists(info.client_secret_file));
    BOOST_TEST(std::filesystem::exists(here / "ids.txt"));
    // Nothing is left over from writing.
    BOOST_TEST(std::distance(std::filesystem::directory_iterator(here.path()), {}) == 2);
}

BOOST_AUTO_TEST_CASE(start_says_what_it_cannot_do) {
    auto const refused = [](auto change, std::string_view text) {
        simulator_params params;
        params.assignments = 3;
        change(params);
        auto const started = simulator::start(std::move(params));
        BOOST_TEST_REQUIRE(started.has_error());
        BOOST_TEST((started.error().code == errc::invalid_params));
        BOOST_TEST(started.error().message.find(text) != std::string::npos, started.error().message);
        return started.error();
    };
    refused([](auto& params) { params.address = "here"; }, "must be an IP address, not \"here\"");
    refused([](auto& params) { params.assignments = 0; }, "assignments must be 1 to 10000000, not 0");
    refused(
        [](auto& params) { params.assignments_without_allotment = 4; }, "more assignments without allotment");
    auto const missing =
        refused([](auto& params) { params.ids_file = "/nonexistent/ids"; }, "/nonexistent/ids");
    BOOST_TEST(missing.cause.value() == ENOENT);
    refused([](auto& params) { params.ready_file = "/nonexistent/ready"; }, "/nonexistent/ready");
    refused([](auto& params) { params.journal_file = "/nonexistent/journal"; }, "/nonexistent/journal");
    served const first;
    auto const taken = refused(
        [&](auto& params) { params.port = port_of(first.here->info().graph_url); },
        "cannot listen on 127.0.0.1:");
    BOOST_TEST(taken.cause.value() == EADDRINUSE);
}

BOOST_AUTO_TEST_CASE(same_seed_same_tenant) {
    served const one;
    served const same;
    BOOST_TEST(one.here->info().tenant == same.here->info().tenant);
    BOOST_TEST(content(one.here->info().client_secret_file) != content(same.here->info().client_secret_file));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
