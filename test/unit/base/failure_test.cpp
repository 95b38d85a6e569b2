#include <allot/failure.hpp>

#include <boost/test/unit_test.hpp>

namespace allot {
namespace {

failure sample() {
    failure made;
    made.code = errc::not_found;
    made.message = "GET https://graph.example/x: no such thing";
    made.graph_code = "itemNotFound";
    made.exchange.http_status = 404;
    made.exchange.request_id = "r-1";
    made.exchange.client_request_id = "c-1";
    made.exchange.attempts = 3;
    return made;
}

BOOST_AUTO_TEST_SUITE(failure_suite)

BOOST_AUTO_TEST_CASE(text_holds_all_that_is_known) {
    BOOST_TEST(
        to_string(sample()) == "GET https://graph.example/x: no such thing (status 404, code itemNotFound, "
                               "request-id r-1, client-request-id c-1, attempts 3)");
    failure bare;
    bare.code = errc::cancelled;
    BOOST_TEST(to_string(bare) == "cancelled");
}

BOOST_AUTO_TEST_CASE(value_throws_the_diagnostics) {
    result<int> const failed = sample();
    try {
        failed.value();
        BOOST_FAIL("no exception");
    } catch (failure_error const& thrown) {
        BOOST_TEST(thrown.code() == make_error_code(errc::not_found));
        BOOST_TEST(thrown.diagnostics().graph_code == "itemNotFound");
        BOOST_TEST(std::string(thrown.what()).find("no such thing") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(every_code_has_a_text) {
    for (int value = static_cast<int>(errc::invalid_reference); value <= static_cast<int>(errc::parked);
         ++value)
        BOOST_TEST(make_error_code(static_cast<errc>(value)).message() != "unknown");
    BOOST_TEST(make_error_code(errc::parked).category().name() == std::string("allot"));
}

BOOST_AUTO_TEST_CASE(every_reason_has_a_name) {
    BOOST_TEST(to_string(end_reason::permanent) == std::string("permanent"));
    BOOST_TEST(to_string(end_reason::attempts) == std::string("attempts"));
    BOOST_TEST(to_string(end_reason::deadline) == std::string("deadline"));
    BOOST_TEST(to_string(end_reason::cancelled) == std::string("cancelled"));
    BOOST_TEST(to_string(end_reason::parked) == std::string("parked"));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
