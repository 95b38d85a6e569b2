#include "simulator/content_coding.hpp"
#include "support/gzip.hpp"

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace allot::simulation {
namespace {

bool accepts(std::initializer_list<std::string_view> values) {
    request what{"GET", "/", {{"Accept", "*"}}, "", true};
    for (auto const value : values)
        what.fields.push_back({"accept-encoding", std::string(value)});
    return accepts_gzip(what);
}

reply reply_of(std::string body) {
    return {
        200, {{"Content-Type", "text/plain"}}, std::make_shared<std::string const>(std::move(body)), false};
}

std::string_view coding_of(reply const& from) {
    for (auto const& each : from.fields)
        if (each.name == "Content-Encoding")
            return each.value;
    return "";
}

BOOST_AUTO_TEST_SUITE(content_coding_suite)

BOOST_AUTO_TEST_CASE(who_accepts_gzip) {
    for (std::string_view const value :
         {"gzip", "GZIP", "x-gzip", "br, gzip", "deflate,gzip;q=0.5 , br", "gzip;q=1.000", "gzip ; q = 0.001",
          "*", "*;q=0.1", "br;q=0, *", ", gzip,"})
        BOOST_TEST(accepts({value}), value);
    for (std::string_view const value :
         {"", "identity", "br", "gzip;q=0", "gzip;q=0.000", "gzip ; Q=0.", "xgzip", "gzipped", "*;q=0",
          "*, gzip;q=0", "gzip;q=0, *", "br;gzip"})
        BOOST_TEST(!accepts({value}), value);
    BOOST_TEST(!accepts({}));
    BOOST_TEST(accepts({"br", "gzip"}));
}

BOOST_AUTO_TEST_CASE(what_is_encoded_decodes) {
    std::string text;
    for (int i = 0; i != 5000; ++i)
        text += std::to_string(i);
    for (auto const how : {encoding::gzip, encoding::gzip_members}) {
        auto value = reply_of(text);
        encode(value, how);
        BOOST_TEST(coding_of(value) == "gzip");
        BOOST_TEST(value.body->size() < text.size() / 2);
        BOOST_TEST((test::gunzipped(*value.body) == text));
    }
    BOOST_TEST(test::gunzipped(gzip("x", 100'000)) == "x" + std::string(100'000, ' '));
}

BOOST_AUTO_TEST_CASE(faults) {
    auto const encoded = [](encoding how) {
        auto value = reply_of("hello");
        encode(value, how);
        BOOST_TEST(coding_of(value) == "gzip");
        return *value.body;
    };
    auto const bomb = encoded(encoding::gzip_bomb);
    BOOST_TEST(bomb.size() < 1'000'000u);
    auto const content = test::gunzipped(bomb);
    BOOST_TEST(content.size() == 5u + 32 * 1024 * 1024);
    BOOST_TEST(content.starts_with("hello  "));
    auto const refusal = [&](encoding how) -> std::string {
        try {
            test::gunzipped(encoded(how));
        } catch (std::runtime_error const& why) {
            return why.what();
        }
        return "none";
    };
    BOOST_TEST(refusal(encoding::gzip_wrong_crc) == "incorrect data check");
    BOOST_TEST(refusal(encoding::gzip_truncated) == "incomplete");
    auto unknown = reply_of("hello");
    encode(unknown, encoding::unknown);
    BOOST_TEST(coding_of(unknown) == "br");
    BOOST_TEST(*unknown.body == "hello");
}

BOOST_AUTO_TEST_CASE(without_a_body_nothing_is_encoded) {
    for (auto const& body : {std::shared_ptr<std::string const>(), std::make_shared<std::string const>()}) {
        reply value{204, {}, body, false};
        encode(value, encoding::gzip);
        BOOST_TEST(value.fields.empty());
        BOOST_TEST(value.body == body);
    }
    auto plain = reply_of("hello");
    encode(plain, encoding::none);
    BOOST_TEST(coding_of(plain) == "");
    BOOST_TEST(*plain.body == "hello");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
