// What an exchange costs the client, apart from the server's part and from what depends on time.
// usage: bench_guard WORKLOAD COUNT ANSWER_FILE; prints what it counted, as JSON. Under callgrind with
// --toggle-collect=guarded* it collects COUNT of them and nothing else. Workloads: batch, single, decode.
#include "guard_meter/counted_calls.hpp"
#include "guard_meter/static_server.hpp"
#include "json/decode.hpp"
#include "support/test_ca.hpp"

#include <allot/allot.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/version.hpp>
#include <openssl/crypto.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <gnu/libc-version.h>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

namespace {

namespace asio = boost::asio;

constexpr std::uint64_t warm_up = 500;
constexpr std::size_t batch_connections = 8;
/// So many ids by turns: those under way at the same time are distinct.
constexpr std::uint64_t distinct_ids = 4 * batch_connections;
constexpr std::int32_t units_of_the_answer = 250;

allot::assignment_ref reference(std::uint64_t number) {
    return allot::assignment_ref::admin(
        "405ee855-dd74-f695-8d7e-be35a678" + std::to_string(1'000 + number % distinct_ids));
}

/// How far a loop has come. It stops the context when it is warm and when it is done.
struct progress {
    asio::io_context& context;
    std::uint64_t left = warm_up;

    void take(allot::result<allot::allotment> const& got) {
        if (!got || got->allotted_units != units_of_the_answer) {
            std::cerr << "bench_guard: " << (got ? "a wrong answer" : got.error().message) << '\n';
            std::exit(1);
        }
        if (--left == 0)
            context.stop();
    }
};

asio::awaitable<void> run_batch(allot::client& client, progress& state) {
    std::uint64_t given = 0;
    auto generate = [&given] { return std::optional(reference(given++)); };
    auto batch = client.get_allotments(generate);
    for (auto item = co_await batch.next(); item; item = co_await batch.next())
        state.take(item->result);
}

asio::awaitable<void> run_single(allot::client& client, progress& state) {
    for (std::uint64_t given = 0;; ++given) {
        auto const got = co_await client.get_allotment(reference(given));
        state.take(got);
    }
}

/// As Graph sends it.
std::string http_answer(std::string const& body) {
    return "HTTP/1.1 200 OK\r\n"
           "Cache-Control: no-cache\r\n"
           "Vary: Accept-Encoding\r\n"
           "Content-Type: application/json;odata.metadata=minimal;odata.streaming=true;"
           "IEEE754Compatible=false;charset=utf-8\r\n"
           "Strict-Transport-Security: max-age=31536000\r\n"
           "request-id: 5d8b5f4e-5f0c-4d0e-8e53-0a6b2c1d7e9f\r\n"
           "client-request-id: 5d8b5f4e-5f0c-4d0e-8e53-0a6b2c1d7e9f\r\n"
           "x-ms-ags-diagnostic: {\"ServerInfo\":{\"DataCenter\":\"West "
           "Europe\",\"Slice\":\"E\",\"Ring\":\"5\","
           "\"ScaleUnit\":\"004\",\"RoleInstance\":\"AM4PEPF0001B2E6\"}}\r\n"
           "OData-Version: 4.0\r\n"
           "Date: Mon, 02 Mar 2026 08:00:00 GMT\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

}

// Callgrind collects between their first instruction and their last.
extern "C" {
[[gnu::noinline]] void guarded_run(asio::io_context& context) {
    context.run();
}

[[gnu::noinline]] void
guarded_decode(allot::allotment_decoder& decoder, std::string_view body, std::uint64_t count) {
    allot::query const options;
    for (; count != 0; --count)
        if (!decoder.decode_answer(body, options))
            std::exit(1);
}

/// Called from within `guarded_run` it is not collected.
[[gnu::noinline]] void guarded_server(guard::static_server& server, int client) {
    server.work(client);
}
}

namespace {

void measure_exchanges(std::string_view workload, std::uint64_t count, std::string const& body) {
    allot::test::temporary_folder const folder;
    allot::test::test_ca const ca;
    auto const ca_file = ca.self().write(folder.path(), "ca");
    auto const leaf = ca.issue({.alternative_names = "DNS:graph.microsoft.com"});
    auto const certificate_file = leaf.write(folder.path(), "server");
    guard::static_server server(certificate_file, (folder.path() / "server.key").string(), http_answer(body));

    asio::io_context context{1};
    allot::client_params params;
    params.transport.ca_file = ca_file;
    params.transport.connect_to.push_back({"", 0, "127.0.0.1", server.port()});
    params.credential = allot::make_token_credential(allot::secret(std::string(1'500, 't')));
    params.connections = workload == "batch" ? batch_connections : 1;
    auto client = allot::make_client(context.get_executor(), std::move(params)).value();

    guard::before_wait = [&server](int fd) { server.work(fd); };
    progress state{context};
    auto loop = workload == "batch" ? run_batch(client, state) : run_single(client, state);
    asio::co_spawn(context, std::move(loop), asio::detached);
    context.run();

    state.left = count;
    guard::before_wait = [&server](int fd) { guarded_server(server, fd); };
    context.restart();
    guard::counting = true;
    guarded_run(context);
    guard::counting = false;
}

void measure_decoding(std::uint64_t count, std::string_view body) {
    allot::allotment_decoder decoder;
    allot::query const options;
    for (auto each = warm_up; each != 0; --each)
        if (!decoder.decode_answer(body, options))
            std::exit(1);
    guard::counting = true;
    guarded_decode(decoder, body, count);
    guard::counting = false;
}

/// Allocations of a struct like the one that is decoded.
std::uint64_t allocations_of_result(std::string_view body) {
    allot::allotment_decoder decoder;
    allot::query const options;
    auto const found = decoder.decode_answer(body, options).value();
    auto const before = guard::counts.allocations;
    guard::counting = true;
    auto const copy = found;
    guard::counting = false;
    auto const made = guard::counts.allocations - before;
    guard::counts.allocations = before;
    return made;
}

}

int main(int argc, char** argv) {
    std::string_view const workload = argc == 4 ? argv[1] : "";
    if (workload != "batch" && workload != "single" && workload != "decode") {
        std::cerr << "usage: bench_guard batch|single|decode COUNT ANSWER_FILE\n";
        return 2;
    }
    auto const count = std::stoull(argv[2]);
    std::ifstream file(argv[3], std::ios::binary);
    std::string const body(std::istreambuf_iterator<char>(file), {});
    if (workload == "decode")
        measure_decoding(count, body);
    else
        measure_exchanges(workload, count, body);
    auto const counted = guard::counts;
    std::cout << "{\"count\":" << count << ",\"allocations\":" << counted.allocations
              << ",\"reads\":" << counted.reads << ",\"writes\":" << counted.writes
              << ",\"allocations_of_result\":" << allocations_of_result(body) << ",\"made_with\":\"g++ "
              << __VERSION__ << ", glibc " << ::gnu_get_libc_version() << ", Boost " << BOOST_LIB_VERSION
              << ", " << OpenSSL_version(OPENSSL_VERSION) << "\"}\n";
}
