#include "cli/metrics_server.hpp"

#include "cli/option_checks.hpp"
#include "cli/usage_error.hpp"
#include "simulator/listen_address.hpp"

#include <CLI/Option.hpp>

#include <CivetServer.h>
#include <prometheus/exposer.h>
#include <utility>
#include <vector>

namespace allot {
namespace {

/// What the server said when it could not start; it starts on the thread that asks for it.
thread_local std::string complaint;

int keep_complaint(mg_connection const*, char const* message) {
    if (complaint.empty())
        complaint = message;
    return 1;
}

bool is_v6(simulation::listen_address const& where) {
    return where.address.find(':') != std::string::npos;
}

/// "ADDR:PORT" with brackets around an IPv6 address.
std::string place(simulation::listen_address const& where) {
    return (is_v6(where) ? '[' + where.address + ']' : where.address) + ':' + std::to_string(where.port);
}

std::unique_ptr<prometheus::Exposer> listen_at(std::string const& where) {
    std::vector<std::string> const options{"listening_ports", where, "num_threads", "2"};
    CivetCallbacks callbacks;
    callbacks.log_message = keep_complaint;
    complaint.clear();
    try {
        return std::make_unique<prometheus::Exposer>(options, &callbacks);
    } catch (std::exception const& failed) {
        throw usage_error(
            "--metrics-listen " + where + ": " + (complaint.empty() ? failed.what() : complaint) +
            "; give an address of this machine and a free port, or port 0 for any");
    }
}

}

void add_metrics_option(CLI::App& app, std::optional<std::string>& target) {
    auto take = [&target](std::string const& value) -> std::optional<std::string> {
        auto const where = simulation::parse_listen_address(value);
        if (!where)
            return "must be ADDR:PORT, an IP address (IPv6 in brackets) or localhost, and a port from 0 to "
                   "65535";
        if (is_v6(*where) && mg_check_feature(MG_FEATURES_IPV6) == 0)
            return "has an IPv6 address, which CivetWeb was built without on this machine; give an IPv4 "
                   "address";
        target = place(*where);
        return std::nullopt;
    };
    add_checked(
        app, "--metrics-listen", "ADDR:PORT", std::move(take),
        "serve metrics at http://ADDR:PORT/metrics for Prometheus while the command runs; port 0 is any "
        "free one")
        ->group("Seeing");
}

metrics_server::metrics_server(
    std::string const& listen, std::shared_ptr<prometheus::Collectable> metrics, console& terminal) :
    metrics_(std::move(metrics)),
    exposer_(listen_at(listen)) {
    exposer_->RegisterCollectable(metrics_);
    auto const ports = exposer_->GetListeningPorts();
    auto const url =
        "http://" + listen.substr(0, listen.rfind(':') + 1) + std::to_string(ports.at(0)) + "/metrics";
    // Where port 0 was asked for, nobody else knows.
    if (terminal.logs(log_level::error))
        terminal.note("metrics at " + url, log_members().add("event", "metrics_listening").add("url", url));
}

metrics_server::~metrics_server() = default;

std::unique_ptr<metrics_server> serve_metrics(
    std::optional<std::string> const& listen, std::shared_ptr<client_metrics> const& metrics,
    console& terminal) {
    if (!listen)
        return nullptr;
    return std::make_unique<metrics_server>(*listen, metrics->collectable(), terminal);
}

}
