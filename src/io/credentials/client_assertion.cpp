#include "io/credentials/client_assertion.hpp"

#include "base/base64.hpp"
#include "base/uuid.hpp"
#include "io/credentials/jws.hpp"
#include "json/text.hpp"

#include <random>

namespace allot {
namespace {

std::string header_of(client_certificate const& by, assertion_algorithm algorithm) {
    bool const pss = algorithm == assertion_algorithm::ps256;
    return std::string(R"({"alg":")") + (pss ? "PS256" : "RS256") + R"(","typ":"JWT",")" +
           (pss ? "x5t#S256" : "x5t") + R"(":")" +
           base64url_encode(pss ? by.sha256_thumbprint() : by.sha1_thumbprint()) + R"("})";
}

std::string payload_of(assertion_claims const& claims) {
    std::string out;
    auto const text = [&out](char const* name, std::string_view value) {
        out.append(out.empty() ? "{\"" : ",\"").append(name).append("\":");
        append_json_string(out, value);
    };
    auto const time = [&out](char const* name, std::chrono::system_clock::time_point value) {
        auto const seconds = std::chrono::floor<std::chrono::seconds>(value).time_since_epoch();
        out.append(",\"").append(name).append("\":").append(std::to_string(seconds.count()));
    };
    text("aud", claims.audience);
    text("iss", claims.client_id);
    text("sub", claims.client_id);
    text("jti", claims.id);
    time("nbf", claims.now);
    time("iat", claims.now);
    time("exp", claims.now + assertion_life);
    return out + '}';
}

}

result<secret> make_client_assertion(
    client_certificate const& by, assertion_algorithm algorithm, assertion_claims const& claims) {
    return sign_jws(by.key(), algorithm, header_of(by, algorithm), payload_of(claims));
}

std::string make_assertion_id() {
    std::random_device system;
    // All of the state's seed from the system: one draw alone has 32 bits, which can be tried.
    std::seed_seq seed{system(), system(), system(), system(), system(), system(), system(), system()};
    random_engine engine(seed);
    return std::string(std::string_view(uuid_text(engine)));
}

}
