#pragma once

#include "cli/client_metrics.hpp"
#include "cli/console.hpp"

#include <CLI/App.hpp>

#include <memory>
#include <optional>
#include <prometheus/collectable.h>
#include <string>

namespace prometheus {
class Exposer;
}

namespace allot {

/// Adds --metrics-listen. Lifetimes: `target` outlives the parse.
void add_metrics_option(CLI::App& app, std::optional<std::string>& target);

/// Serves metrics in Prometheus' text format at http://ADDR:PORT/metrics, on threads of its own, while it
/// lives.
class metrics_server {
public:
    /// Listens at `listen`, "ADDR:PORT"; port 0 is any free one. Says on the console where.
    /// Preconditions: `add_metrics_option` took `listen`. Errors: `usage_error` that says why it cannot be
    /// listened there.
    metrics_server(
        std::string const& listen, std::shared_ptr<prometheus::Collectable> metrics, console& terminal);
    ~metrics_server();

private:
    std::shared_ptr<prometheus::Collectable> metrics_; ///< the exposer has a weak pointer
    std::unique_ptr<prometheus::Exposer> exposer_;
};

/// A server for what a command counts, where the user asked for one.
std::unique_ptr<metrics_server> serve_metrics(
    std::optional<std::string> const& listen, std::shared_ptr<client_metrics> const& metrics,
    console& terminal);

}
