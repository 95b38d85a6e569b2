#include "fetched.hpp"
#include "scripts.hpp"

#include <allot/credential_sources.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <ctime>
#include <vector>

namespace allot {
namespace {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

constexpr char const* token = "marker.of-a.token";
constexpr char const* scope = "https://graph.microsoft.com/.default";

std::string prints(std::string const& members) {
    return std::string("cat <<'END'\n{\"accessToken\": \"") + token + "\"" + members + "}\nEND\n";
}

/// A time from now on as the Azure CLI writes it.
std::string local_text(std::chrono::seconds from_now) {
    auto const time = std::time(nullptr) + from_now.count();
    std::tm fields{};
    ::localtime_r(&time, &fields);
    char text[64];
    return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S.000000", &fields));
}

struct fixture {
    test::temporary_folder folder;
    asio::io_context context;
    azure_cli_params params;

    /// What `az` is.
    void write(std::string const& body) { params.executable = test::write_script(folder, "az", body); }

    std::shared_ptr<token_credential> credential() const { return make_azure_cli_credential(params).value(); }

    result<access_token> fetch(std::string const& of = scope, std::string const& claims = {}) {
        auto out = *test::run(context, test::fetch_once(credential(), of, claims));
        BOOST_TEST(test::no_child_left());
        return out;
    }

    failure failed() {
        auto out = fetch();
        BOOST_TEST_REQUIRE(!out.has_value());
        BOOST_TEST(out.error().message.find("marker") == std::string::npos, out.error().message);
        return out.error();
    }

    std::string text_of(char const* name) const {
        std::ifstream in(folder.path() / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    // Where the script is, its notes go.
    std::string note(std::string const& command, char const* name) const {
        return command + " > '" + (folder.path() / name).string() + "'\n";
    }
};

BOOST_FIXTURE_TEST_SUITE(azure_cli, fixture)

BOOST_AUTO_TEST_CASE(a_token_with_its_life) {
    auto const expires_on = std::time(nullptr) + 3600;
    write(prints(
        ", \"expires_on\": " + std::to_string(expires_on) +
        ", \"expiresOn\": \"2026-01-09 12:34:56.000000\", \"tokenType\": \"Bearer\", \"tenant\": \"t\""));
    auto const before = clock::now();
    auto const made = fetch().value();
    BOOST_TEST(made.value.reveal() == token);
    BOOST_TEST((made.acquired_at >= before));
    BOOST_TEST((made.acquired_at <= clock::now()));
    BOOST_TEST((made.expires_at - made.acquired_at > std::chrono::minutes(55)));
    BOOST_TEST((made.expires_at - made.acquired_at <= std::chrono::minutes(60)));
    BOOST_TEST(!made.refresh_at.has_value());
}

BOOST_AUTO_TEST_CASE(the_life_in_local_time) {
    test::variable const zone("TZ", "ZZZ-5:45");
    ::tzset();
    write(prints(", \"expiresOn\": \"" + local_text(std::chrono::hours(1)) + '"'));
    auto const made = fetch().value();
    BOOST_TEST((made.expires_at - made.acquired_at > std::chrono::minutes(55)));
    BOOST_TEST((made.expires_at - made.acquired_at <= std::chrono::minutes(60)));
}

BOOST_AUTO_TEST_CASE(a_token_of_unknown_life) {
    write(prints(""));
    BOOST_TEST((fetch().value().expires_at == clock::time_point::max()));
}

BOOST_AUTO_TEST_CASE(what_the_azure_cli_is_asked) {
    auto const asked = [this](std::string const& of) {
        write(note("printf '%s\\n' \"$@\"", "arguments") + prints(""));
        fetch(of).value();
        return text_of("arguments");
    };
    BOOST_TEST(
        asked(scope) == "account\nget-access-token\n--output\njson\n--scope\nhttps://graph.microsoft.com/"
                        ".default\n");
    params.tenant_id = "contoso.com";
    BOOST_TEST(
        asked("https://localhost:8443/.default") ==
        "account\nget-access-token\n--output\njson\n--scope\nhttps://localhost:8443/.default\n--tenant\n"
        "contoso.com\n");
}

BOOST_AUTO_TEST_CASE(a_claims_challenge_needs_a_new_sign_in) {
    write(note("echo started", "started") + prints(""));
    auto const refused = fetch(scope, R"({"access_token":{"nbf":{"essential":true,"value":"1"}}})");
    BOOST_TEST_REQUIRE(!refused.has_value());
    BOOST_TEST((refused.error().code == errc::token_unavailable));
    BOOST_TEST((refused.error().reason == end_reason::permanent));
    BOOST_TEST(
        refused.error().message ==
        "a token with new claims is wanted, which the Azure CLI gets only at sign-in; run az logout, then "
        "az login --scope https://graph.microsoft.com/.default");
    BOOST_TEST(text_of("started") == "");
    // That claims challenges are answered in general is no challenge.
    fetch(scope, R"({"access_token":{"xms_cc":{"values":["cp1"]}}})").value();
    BOOST_TEST(text_of("started") == "started\n");
}

BOOST_AUTO_TEST_CASE(tenants_and_scopes_that_are_none) {
    for (auto const* const tenant : {"a;b", "$(id)", "--resource", "a b", "common"}) {
        params.tenant_id = tenant;
        auto const made = make_azure_cli_credential(params);
        BOOST_TEST_REQUIRE(!made.has_value(), tenant);
        BOOST_TEST((made.error().code == errc::invalid_params));
        BOOST_TEST(
            made.error().message.find("a domain name, not \"" + std::string(tenant)) != std::string::npos);
    }
    params.tenant_id.clear();
    write(note("echo started", "started") + prints(""));
    for (auto const* const none : {"", "--resource"})
        BOOST_TEST((fetch(none).error().code == errc::invalid_params));
    BOOST_TEST(text_of("started") == "");
    params.timeout = std::chrono::milliseconds(0);
    BOOST_TEST((make_azure_cli_credential(params).error().code == errc::invalid_params));
    params = {};
    params.executable.clear();
    BOOST_TEST((make_azure_cli_credential(params).error().code == errc::invalid_params));
}

BOOST_AUTO_TEST_CASE(secrets_of_other_sources_are_not_passed_on) {
    std::vector<char const*> const names{
        "ALLOT_TOKEN", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "IDENTITY_HEADER",
        "MSI_SECRET"};
    std::vector<std::unique_ptr<test::variable>> set;
    for (auto const* const each : names)
        set.push_back(std::make_unique<test::variable>(each, "secret-value"));
    set.push_back(std::make_unique<test::variable>("AZURE_CONFIG_DIR", "/kept"));
    write(note("env", "environment") + prints(""));
    fetch().value();
    auto const passed = text_of("environment");
    BOOST_TEST(passed.find("secret-value") == std::string::npos);
    BOOST_TEST(passed.find("AZURE_CONFIG_DIR=/kept\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_an_azure_cli) {
    params.executable = "allot-no-such-program";
    auto why = failed();
    BOOST_TEST((why.code == errc::credential_unavailable));
    BOOST_TEST((why.cause == boost::system::errc::no_such_file_or_directory));
    BOOST_TEST(
        why.message == "there is no Azure CLI: \"allot-no-such-program\": No such file or directory; "
                       "install it (https://learn.microsoft.com/cli/azure/install-azure-cli)");
    params.executable = folder.path().string();
    BOOST_TEST((failed().code == errc::credential_unavailable));
}

BOOST_AUTO_TEST_CASE(a_program_that_is_none) {
    params.executable = (folder.path() / "az").string();
    std::ofstream(params.executable) << "no program";
    std::filesystem::permissions(params.executable, std::filesystem::perms::owner_all);
    auto const why = failed();
    BOOST_TEST((why.code == errc::token_unavailable));
    BOOST_TEST(why.message.find("could not be started: Exec format error") != std::string::npos, why.message);
}

BOOST_AUTO_TEST_CASE(nobody_is_signed_in) {
    write("echo \"ERROR: Please run 'az login' to setup account.\" >&2\nexit 1");
    auto why = failed();
    BOOST_TEST((why.code == errc::credential_unavailable));
    BOOST_TEST(
        why.message == "nobody is signed in to the Azure CLI; run az login; it said \"ERROR: Please run 'az "
                       "login' to setup account.\"");
    params.tenant_id = "contoso.com";
    BOOST_TEST(failed().message.find("run az login --tenant contoso.com;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(who_is_signed_in_and_refused) {
    write("echo 'ERROR: AADSTS700082: The refresh token has expired. Please run: az login' >&2\nexit 1");
    auto const why = failed();
    BOOST_TEST((why.code == errc::token_unavailable));
    BOOST_TEST((why.reason == end_reason::permanent));
    BOOST_TEST(
        why.message.find("ended with exit code 1; it said \"ERROR: AADSTS700082") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(other_ends) {
    write("echo 'ERROR: Connection refused' >&2\nexit 1");
    auto why = failed();
    BOOST_TEST((why.code == errc::token_unavailable));
    BOOST_TEST((why.reason == end_reason::attempts));
    BOOST_TEST(why.message == "the Azure CLI ended with exit code 1; it said \"ERROR: Connection refused\"");
    write("echo 'unrecognized arguments: --scope' >&2\nexit 2");
    BOOST_TEST((failed().reason == end_reason::permanent));
    write("exit 3");
    BOOST_TEST(failed().message == "the Azure CLI ended with exit code 3; it said nothing");
    write("kill -KILL $$");
    why = failed();
    BOOST_TEST((why.reason == end_reason::attempts));
    BOOST_TEST(why.message == "the Azure CLI was ended by signal 9; it said nothing");
}

BOOST_AUTO_TEST_CASE(what_it_said_is_short_and_printable) {
    write(
        "printf 'WARNING: old\\n\\nWARNING: older\\n\\033[31mone\\033[0m \\r\\n two\\nthree\\nfour\\n' >&2\n"
        "exit 1");
    BOOST_TEST(
        failed().message == "the Azure CLI ended with exit code 1; it said \"\\x1b[31mone\\x1b[0m /  two / "
                            "three\"");
    write("echo 'WARNING: only this' >&2\nexit 1");
    BOOST_TEST(failed().message.find("\"WARNING: only this\"") != std::string::npos);
    write("head -c 200000 /dev/zero | tr '\\0' 'x' >&2\nexit 1");
    BOOST_TEST(failed().message.size() < 700u);
    write("head -c 200000 /dev/zero | tr '\\0' '\\n' >&2\nexit 1");
    BOOST_TEST(failed().message == "the Azure CLI ended with exit code 1; it said nothing");
}

BOOST_AUTO_TEST_CASE(noise_beside_a_token) {
    write("head -c 200000 /dev/zero >&2\n" + prints(""));
    BOOST_TEST(fetch().value().value.reveal() == token);
}

BOOST_AUTO_TEST_CASE(output_that_is_no_token) {
    write("echo");
    auto why = failed();
    BOOST_TEST((why.code == errc::token_unavailable));
    BOOST_TEST((why.reason == end_reason::permanent));
    BOOST_TEST(why.message.find("the Azure CLI wrote no token: in the document: expected JSON") == 0u);
    write(prints(", \"expires_on\": \"soon\""));
    BOOST_TEST(
        failed().message.find(
            "wrote no token: at /expires_on: expected whole seconds from 0 to 9223372036, found a string of "
            "4 bytes; ") != std::string::npos);
    write("head -c 2000000 /dev/zero");
    BOOST_TEST(failed().message.find("the Azure CLI wrote more than 1 MiB; ") == 0u);
}

BOOST_AUTO_TEST_CASE(a_deadline) {
    params.timeout = std::chrono::milliseconds(300);
    write("exec tail -f /dev/null >/dev/null");
    auto const why = failed();
    BOOST_TEST((why.code == errc::token_unavailable));
    BOOST_TEST((why.reason == end_reason::attempts));
    BOOST_TEST(why.message.find("the Azure CLI gave no token within 1 s and was ended; try `") == 0u);
}

BOOST_AUTO_TEST_CASE(cancellation) {
    test::lifeline const held(folder);
    write(held.hold() + test::lifeline::report() + "exec tail -f /dev/null >/dev/null");
    asio::cancellation_signal cancel;
    test::fetched out;
    asio::co_spawn(
        context, test::fetch_once(credential(), scope),
        asio::bind_cancellation_slot(
            cancel.slot(), [&](std::exception_ptr, test::fetched made) { out = std::move(made); }));
    asio::posix::stream_descriptor report(context, ::dup(held.descriptor()));
    report.async_wait(asio::posix::stream_descriptor::wait_read, [&](boost::system::error_code) {
        cancel.emit(asio::cancellation_type::terminal);
    });
    context.run_for(std::chrono::minutes(1));
    BOOST_TEST_REQUIRE(out.has_value());
    BOOST_TEST((out->error().code == errc::cancelled));
    BOOST_TEST(test::no_child_left());
    BOOST_TEST(held.is_abandoned());
}

BOOST_AUTO_TEST_CASE(who_is_meant) {
    BOOST_TEST(credential()->description() == "Azure CLI");
    auto const key = credential()->cache_key();
    BOOST_TEST(key == credential()->cache_key());
    params.tenant_id = "contoso.com";
    BOOST_TEST(credential()->description() == "Azure CLI, tenant contoso.com");
    BOOST_TEST(key != credential()->cache_key());
}

BOOST_AUTO_TEST_SUITE_END()

}
}
