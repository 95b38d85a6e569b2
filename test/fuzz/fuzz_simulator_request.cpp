// What clients send to the simulator: the same requests however the bytes are cut, and each gets an answer
// that is whole and, where it says so, JSON. The client is logged in, so that batches and queries are read
// too.
#include "simulator/batch_request.hpp"
#include "simulator/request_reader.hpp"
#include "simulator/service.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

namespace simulation = allot::simulation;

void expect(bool condition) {
    if (!condition)
        std::abort();
}

constexpr simulation::instant noon{
    std::chrono::steady_clock::time_point(std::chrono::hours(12)),
    std::chrono::system_clock::time_point(std::chrono::seconds(1'767'268'800))};

std::vector<simulation::request> read(std::string_view bytes, std::size_t piece) {
    std::vector<simulation::request> out;
    simulation::request_reader reader;
    while (!bytes.empty()) {
        reader.append(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        for (;;) {
            auto const state = reader.next();
            if (state == simulation::request_reader::state::malformed)
                return out;
            if (state == simulation::request_reader::state::incomplete)
                break;
            out.push_back(reader.current());
        }
        reader.take_continue();
    }
    return out;
}

bool same(std::vector<simulation::request> const& left, std::vector<simulation::request> const& right) {
    return std::ranges::equal(left, right, [](auto const& a, auto const& b) {
        return a.method == b.method && a.target == b.target && a.fields == b.fields && a.body == b.body &&
               a.keep_alive == b.keep_alive;
    });
}

// A tenant with its authority, and somebody who has a token for it.
class world {
public:
    world() :
        tenant_({20, 2, 1}),
        script_(simulation::parse_script(R"({"throttle": {"per_second": 1000, "burst": 1000000}})").value()),
        journal_(false),
        service_(
            tenant_, script_, "https://localhost:1",
            {tenant_.id(),
             tenant_.domain(),
             tenant_.client_id(),
             allot::secret(std::string_view("s")),
             {"https://localhost:1"}},
            1, noon.steady, journal_) {
        auto const answer = ask(
            {"POST",
             '/' + tenant_.id() + "/oauth2/v2.0/token",
             {{"Host", "localhost:1"}, {"Content-Type", "application/x-www-form-urlencoded"}},
             "grant_type=client_credentials&client_secret=s&scope=https://localhost:1/.default&client_id=" +
                 tenant_.client_id(),
             true});
        authorization_ = "Bearer ";
        authorization_ +=
            boost::json::parse(answer.substr(answer.find("\r\n\r\n") + 4)).at("access_token").as_string();
    }

    std::string ask(simulation::request what) {
        if (!authorization_.empty())
            simulation::set_field(what.fields, "Authorization", authorization_);
        return service_.answer(what, 1, noon).bytes;
    }

private:
    simulation::tenant tenant_;
    simulation::script script_;
    simulation::journal journal_;
    simulation::service service_;
    std::string authorization_;
};

void check_answer(simulation::request const& what, std::string_view answer) {
    expect(answer.starts_with("HTTP/1.1 "));
    auto const end = answer.find("\r\n\r\n");
    expect(end != answer.npos && answer.size() < 4 * 1024 * 1024);
    auto const body = answer.substr(end + 4);
    if (answer.find("Content-Encoding: gzip") >= end && !body.empty() && what.method != "HEAD")
        boost::json::parse(body); // it throws
}

void check_batch(simulation::request const& what) {
    auto const parsed = simulation::parse_batch(what);
    auto const* const items = std::get_if<std::vector<simulation::batch_item>>(&parsed);
    if (items == nullptr) {
        expect(!std::get<simulation::batch_problem>(parsed).message.empty());
        return;
    }
    expect(!items->empty() && items->size() <= simulation::most_batch_items);
    for (std::size_t at = 0; at != items->size(); ++at) {
        auto const& item = (*items)[at];
        for (std::size_t before = 0; before != at; ++before)
            expect(!simulation::same_name(item.id, (*items)[before].id));
        for (auto const other : item.depends_on)
            expect(other < items->size() && other != at);
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    static world here;
    std::string_view const bytes(reinterpret_cast<char const*>(data) + 1, size - 1);
    auto const whole = read(bytes, bytes.size() + 1);
    expect(same(whole, read(bytes, 1)) && same(whole, read(bytes, std::size_t{1} + data[0])));
    for (auto const& what : whole) {
        if (simulation::is_batch_path(what.path()))
            check_batch(what);
        check_answer(what, here.ask(what));
    }
    return 0;
}
