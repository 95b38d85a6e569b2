#include "io/token_form.hpp"

#include <boost/test/unit_test.hpp>

namespace allot {

BOOST_AUTO_TEST_SUITE(token_forms)

BOOST_AUTO_TEST_CASE(fields_are_percent_encoded) {
    std::vector<std::pair<std::string_view, std::string_view>> const fields{
        {"a", "+ /&=%"}, {"b", ""}, {"c", "x-._~"}};
    BOOST_TEST(encode_form(fields).reveal() == "a=%2B%20%2F%26%3D%25&b=&c=x-._~");
}

BOOST_AUTO_TEST_CASE(what_proved_the_client_is_not_repeated) {
    std::vector<std::pair<std::string_view, std::string_view>> const fields{
        {"client_id", "app-1"}, {"client_secret", "s3cret + x"}, {"scope", "here"}};
    auto const form = encode_form(fields);
    token_error said;
    said.error = "invalid_client s3cret + x";
    said.description = "app-1 sent s3cret + x, s3cret + x and client_secret=s3cret%20%2B%20x for here";
    redact_proof(said, form.reveal());
    BOOST_TEST(said.error == "invalid_client [redacted]");
    BOOST_TEST(said.description == "app-1 sent [redacted], [redacted] and client_secret=[redacted] for here");

    said.description = "cut off: client_secret=s3cret%20...";
    redact_proof(said, form.reveal());
    BOOST_TEST(said.description == "cut off: client_secret=[redacted]...");

    std::vector<std::pair<std::string_view, std::string_view>> const last{{"client_assertion", "a.b.c"}};
    said.description = "assertion a.b.c";
    redact_proof(said, encode_form(last).reveal());
    BOOST_TEST(said.description == "assertion [redacted]");
    redact_proof(said, "client_id=assertion");
    BOOST_TEST(said.description == "assertion [redacted]");
}

BOOST_AUTO_TEST_SUITE_END()

}
