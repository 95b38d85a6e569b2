#pragma once

#include "support/client_certificates.hpp"
#include "support/coroutine.hpp"
#include "support/simulated_client.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace allot::test {

inline constexpr auto federated_text = "eyJhbGciOiJSUzI1NiJ9.c3ViamVjdA.c2lnbmF0dXJl";

/// A script of one rule for requests for tokens.
inline std::string token_rule(std::string const& match, std::string const& deed) {
    return R"({"rules":[{"match":{"path":"oauth2")" + match + R"(},"do":)" + deed + "}]}";
}

/// A simulator that knows one client by a certificate, a federated token and a secret.
struct credential_fixture {
    boost::asio::io_context context;
    temporary_folder folder;
    std::string const certificate_path = (folder.path() / "client.pem").string();
    std::string const federated_path = (folder.path() / "federated").string();
    std::unique_ptr<simulated_graph> graph;

    credential_fixture() {
        write_certificate(0);
        write_file(federated_path, std::string(federated_text) + "\n");
        start("{}");
    }

    void start(std::string const& script, unsigned registered = 0) {
        simulator_params params;
        params.assignments = 1;
        params.script = simulation::parse_script(script).value();
        params.client_certificates.push_back(pem_of(client_certificate_of(registered).x509.get()));
        params.federated_tokens.emplace_back(federated_text);
        graph = std::make_unique<simulated_graph>(std::move(params));
    }

    void write_certificate(unsigned which) const {
        auto const& from = client_certificate_of(which);
        write_file(certificate_path, pem_of(from.x509.get()) + pkcs8_of(from.key.get()));
    }

    template <class Params>
    Params filled() const {
        Params made;
        made.token_url = (*graph)->info().token_url;
        made.client_id = (*graph)->info().client_id;
        made.transport.ca_file = (*graph)->info().ca_file;
        return made;
    }

    std::shared_ptr<token_credential>
    certificate(assertion_algorithm algorithm = assertion_algorithm::ps256) const {
        auto params = filled<client_certificate_params>();
        params.certificate_file = certificate_path;
        params.algorithm = algorithm;
        return make_client_certificate_credential(std::move(params)).value();
    }

    std::shared_ptr<token_credential> workload() const {
        auto params = filled<workload_identity_params>();
        params.federated_token_file = federated_path;
        return make_workload_identity_credential(std::move(params)).value();
    }

    std::vector<std::shared_ptr<token_credential>> all() const {
        return {graph->login(), certificate(), workload()};
    }

    token_request wanted() const { return token_request((*graph)->info().graph_url + "/.default"); }

    result<access_token> fetch(token_credential& from) { return run(context, from.fetch_token(wanted())); }

    static bool has(std::string const& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    }
};

}
