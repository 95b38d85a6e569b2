#include <allot/credential.hpp>

#include <boost/test/unit_test.hpp>

namespace allot {
namespace {

using namespace std::chrono_literals;
constexpr std::chrono::steady_clock::time_point start{1'000s};

BOOST_AUTO_TEST_SUITE(access_token_suite)

BOOST_AUTO_TEST_CASE(refresh_times) {
    auto at = [](std::chrono::seconds life) {
        return access_token(secret(std::string("t")), start, start + life).refresh_time() - start;
    };
    BOOST_TEST((at(28h) == 1344min));
    BOOST_TEST((at(24h) == 1152min));
    BOOST_TEST((at(60min) == 48min));
    BOOST_TEST((at(20min) == 15min));
    BOOST_TEST((at(10min) == 8min));
    BOOST_TEST((at(20s) == 16s));
    BOOST_TEST((at(5s) == 4s));
}

BOOST_AUTO_TEST_CASE(the_issuer_may_say_when) {
    access_token const told(secret(std::string("t")), start, start + 60min, start + 30min);
    BOOST_TEST((told.refresh_time() == start + 30min));
}

BOOST_AUTO_TEST_CASE(an_issuer_who_says_what_cannot_be_is_not_heeded) {
    auto at = [](std::chrono::seconds refresh) {
        return access_token(secret(std::string("t")), start, start + 60min, start + refresh).refresh_time() -
               start;
    };
    BOOST_TEST((at(0s) == 48min));
    BOOST_TEST((at(-1s) == 48min));
    BOOST_TEST((at(60min) == 48min));
    BOOST_TEST((at(61min) == 48min));
    BOOST_TEST((at(1s) == 1s));
    BOOST_TEST((at(59min) == 59min));
}

BOOST_AUTO_TEST_CASE(a_token_whose_life_is_not_known_is_never_due) {
    auto const never = std::chrono::steady_clock::time_point::max();
    BOOST_TEST((access_token(secret(std::string("t")), start, never).refresh_time() == never));
}

BOOST_AUTO_TEST_CASE(the_scope_is_that_of_the_graph_host) {
    BOOST_TEST(token_scope("https://graph.microsoft.com").value() == "https://graph.microsoft.com/.default");
    BOOST_TEST(token_scope("https://127.0.0.1:8443/x").value() == "https://127.0.0.1:8443/.default");
    BOOST_TEST((token_scope("http://graph.microsoft.com").error().code == errc::invalid_params));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
