#pragma once

#include "simulator/simulator.hpp"

#include <allot/allot.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace allot::test {

/// A simulator with a fault script, and what a client of it needs.
class simulated_graph {
public:
    explicit simulated_graph(
        std::size_t assignments, std::string const& script = "{}", std::size_t without_allotment = 0) :
        simulated_graph(params_of(assignments, script, without_allotment)) {}
    explicit simulated_graph(simulator_params params) {
        params.keep_journal = true;
        simulator_ = simulator::start(std::move(params)).value();
    }

    simulator& operator*() const noexcept { return *simulator_; }
    simulator* operator->() const noexcept { return simulator_.get(); }

    std::shared_ptr<token_credential> login() const {
        std::ifstream file(simulator_->info().client_secret_file);
        std::string text((std::istreambuf_iterator<char>(file)), {});
        client_secret_params params;
        params.token_url = simulator_->info().token_url;
        params.client_id = simulator_->info().client_id;
        params.client_secret = secret(std::move(text));
        params.transport.ca_file = simulator_->info().ca_file;
        return make_client_secret_credential(std::move(params)).value();
    }

    client_params params() const {
        client_params made;
        made.graph_url = simulator_->info().graph_url;
        made.transport.ca_file = simulator_->info().ca_file;
        made.credential = login();
        return made;
    }

    client connect(boost::asio::any_io_executor executor) const {
        return connect(std::move(executor), params());
    }
    client connect(boost::asio::any_io_executor executor, client_params made) const {
        return make_client(std::move(executor), std::move(made)).value();
    }

    /// One reference below /admin for each assignment.
    std::vector<assignment_ref> references() const {
        std::vector<assignment_ref> made;
        for (auto const& assignment : simulator_->tenant().assignments())
            made.push_back(assignment_ref::admin(assignment.id));
        return made;
    }

    /// GETs that it has seen, those in batches too.
    std::size_t fetches() const {
        std::size_t count = 0;
        for (auto const& entry : simulator_->journal())
            count += entry.method == "GET" ? 1 : entry.items.size();
        return count;
    }

private:
    static simulator_params
    params_of(std::size_t assignments, std::string const& script, std::size_t without_allotment) {
        simulator_params params;
        params.assignments = assignments;
        params.assignments_without_allotment = without_allotment;
        params.script = simulation::parse_script(script).value();
        return params;
    }

    std::unique_ptr<simulator> simulator_;
};

}
