#include "simulator/simulator.hpp"

#include "simulator/certificate.hpp"
#include "simulator/cloud_hosts.hpp"
#include "simulator/files.hpp"
#include "simulator/json_writer.hpp"
#include "simulator/server.hpp"
#include "simulator/service.hpp"

#include <boost/asio/ip/address.hpp>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace allot {
namespace {

using boost::asio::ip::tcp;

constexpr std::size_t most_assignments = 10'000'000;

/// A problem with a parameter, as it is on its way to a `failure`.
struct bad_params {
    std::string message;
};

tcp::endpoint endpoint_of(simulator_params const& params) {
    if (params.assignments == 0 || params.assignments > most_assignments)
        throw bad_params{
            "assignments must be 1 to " + std::to_string(most_assignments) + ", not " +
            std::to_string(params.assignments)};
    if (params.assignments_without_allotment > params.assignments)
        throw bad_params{"there cannot be more assignments without allotment than assignments"};
    error_code error;
    auto const address = boost::asio::ip::make_address(params.address, error);
    if (error)
        throw bad_params{"the address to listen on must be an IP address, not \"" + params.address + "\""};
    return {address, params.port};
}

/// The host part of a URL that reaches the address.
std::string url_host(boost::asio::ip::address const& address) {
    if (address.is_unspecified())
        return "localhost";
    return address.is_v6() ? '[' + address.to_string() + ']' : address.to_string();
}

/// What it can be connected to by.
std::vector<std::string> own_names(boost::asio::ip::address const& address) {
    std::vector<std::string> out{"localhost", "127.0.0.1", "::1"};
    auto const own = address.to_string();
    if (!address.is_unspecified() && own != out[1] && own != out[2])
        out.push_back(own);
    return out;
}

std::vector<std::string> certificate_names(boost::asio::ip::address const& address) {
    auto out = own_names(address);
    out.insert(out.end(), simulation::cloud_graph_hosts.begin(), simulation::cloud_graph_hosts.end());
    out.insert(out.end(), simulation::cloud_authority_hosts.begin(), simulation::cloud_authority_hosts.end());
    return out;
}

std::string lines(std::vector<std::string> const& texts) {
    std::string out;
    for (auto const& each : texts)
        out.append(each) += '\n';
    return out;
}

failure start_failure(std::string message, error_code cause = {}) {
    failure out;
    out.code = errc::invalid_params;
    out.cause = cause;
    out.message = "simulator: " + std::move(message);
    return out;
}

}

std::string to_json(ready_info const& info) {
    std::string out;
    simulation::json_writer json(out);
    json.begin_object().text_member("graph_url", info.graph_url).text_member("token_url", info.token_url);
    json.text_member("ca_file", info.ca_file).text_member("client_id", info.client_id);
    json.text_member("client_secret_file", info.client_secret_file).text_member("tenant", info.tenant);
    json.end_object();
    return out;
}

class simulator::impl {
public:
    explicit impl(simulator_params params) :
        params_(std::move(params)),
        journal_(params_.keep_journal),
        where_(endpoint_of(params_)),
        tenant_({params_.assignments, params_.assignments_without_allotment, params_.seed}),
        identity_(simulation::make_server_identity(certificate_names(where_.address()))),
        server_(where_) {
        if (!params_.journal_file.empty() && !journal_.open(params_.journal_file))
            throw std::system_error(errno, std::generic_category(), "cannot make " + params_.journal_file);
        if (!params_.ids_file.empty())
            simulation::write_atomically(params_.ids_file, lines(tenant_.references()));
        secret const client_secret(simulation::random_text());
        describe(client_secret);
        simulation::token_endpoint_params tokens{
            tenant_.id(),
            tenant_.domain(),
            tenant_.client_id(),
            client_secret,
            resources(),
            params_.script.token_lifetime,
            params_.client_certificates,
            params_.federated_tokens,
            params_.script.token_lifetime_spread,
            params_.script.token_refresh_in,
            params_.seed};
        service_.emplace(
            tenant_, params_.script, info_.graph_url, std::move(tokens), params_.seed,
            std::chrono::steady_clock::now(), journal_);
        server_.run(identity_.context.get(), *service_, journal_);
        if (!params_.ready_file.empty())
            simulation::write_atomically(params_.ready_file, to_json(info_) + '\n');
    }

    ~impl() { stop(); }
    impl(impl const&) = delete;
    impl& operator=(impl const&) = delete;

    void stop() {
        server_.stop();
        if (!directory_)
            return;
        directory_.reset();
        std::error_code ignored;
        if (!params_.ready_file.empty())
            std::filesystem::remove(params_.ready_file, ignored);
    }

    ready_info const& info() const noexcept { return info_; }
    simulation::tenant const& tenant() const noexcept { return tenant_; }
    simulation::journal const& journal() const noexcept { return journal_; }

private:
    /// The URLs of Graph that it can be reached by.
    std::vector<std::string> resources() const {
        std::vector<std::string> out;
        for (auto const& each : own_names(where_.address())) {
            auto const host = each.find(':') == std::string::npos ? each : '[' + each + ']';
            out.push_back("https://" + host + ':' + std::to_string(server_.port()));
        }
        for (auto const host : simulation::cloud_graph_hosts)
            out.push_back("https://" + std::string(host));
        return out;
    }

    void describe(secret const& client_secret) {
        directory_.emplace();
        info_.graph_url = "https://" + url_host(where_.address()) + ':' + std::to_string(server_.port());
        info_.token_url = info_.graph_url + '/' + tenant_.id() + "/oauth2/v2.0/token";
        info_.ca_file = directory_->write("ca.pem", identity_.ca_pem);
        info_.client_id = tenant_.client_id();
        info_.client_secret_file = directory_->write("client-secret", client_secret.reveal());
        info_.tenant = tenant_.id();
    }

    simulator_params params_;
    simulation::journal journal_;
    tcp::endpoint where_;
    simulation::tenant tenant_;
    simulation::server_identity identity_;
    std::optional<simulation::private_directory> directory_;
    ready_info info_;
    std::optional<simulation::service> service_;
    simulation::server server_; ///< last: its thread uses the others
};

result<std::unique_ptr<simulator>> simulator::start(simulator_params params) {
    auto const where = params.address + ':' + std::to_string(params.port);
    try {
        return std::unique_ptr<simulator>(new simulator(std::make_unique<impl>(std::move(params))));
    } catch (bad_params const& problem) {
        return start_failure(problem.message);
    } catch (boost::system::system_error const& problem) {
        return start_failure("cannot listen on " + where + ": " + problem.code().message(), problem.code());
    } catch (std::system_error const& problem) {
        return start_failure(
            problem.what(), error_code(problem.code().value(), boost::system::system_category()));
    } catch (std::runtime_error const& problem) {
        return start_failure(problem.what());
    }
}

simulator::simulator(std::unique_ptr<impl> inside) noexcept : impl_(std::move(inside)) {}

simulator::~simulator() = default;

ready_info const& simulator::info() const noexcept {
    return impl_->info();
}

simulation::tenant const& simulator::tenant() const noexcept {
    return impl_->tenant();
}

simulator_stats simulator::stats() const {
    return impl_->journal().stats();
}

std::vector<journal_entry> simulator::journal() const {
    return impl_->journal().entries();
}

bool simulator::wait_for_requests(std::uint64_t count, std::chrono::milliseconds limit) const {
    return impl_->journal().wait_for(count, limit);
}

void simulator::stop() {
    impl_->stop();
}

}
