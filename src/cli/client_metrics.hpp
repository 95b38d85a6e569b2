#pragma once

#include "audit/row.hpp"

#include <allot/client.hpp>
#include <allot/observer.hpp>
#include <allot/params.hpp>

#include <memory>
#include <prometheus/collectable.h>

namespace allot {

/// What a command counts for Prometheus. Thread safety: one thread calls `update` and `count`; any may
/// observe and collect.
class client_metrics final : public observer {
public:
    client_metrics();
    ~client_metrics() override;

    /// Everything that is counted.
    std::shared_ptr<prometheus::Collectable> collectable() const;

    /// To be called about ten times a second, and at the end.
    void update(client_stats const& stats);
    void count(audit_row const& row);

    void on_request_started(request_started const& event) noexcept override;
    void on_request_finished(request_finished const& event) noexcept override;
    void on_request_retried(request_retried const& event) noexcept override;
    void on_gate_held(gate_held const& event) noexcept override;
    void on_connection_opened(connection_opened const& event) noexcept override;
    void on_connection_failed(connection_failed const& event) noexcept override;
    void on_connection_closed(connection_closed const& event) noexcept override;
    void on_token_taken(token_taken const& event) noexcept override;

private:
    struct families;
    std::unique_ptr<families> families_;
    client_stats last_;
};

/// Has the client count, beside the observer that it has.
std::shared_ptr<client_metrics> watch_with_metrics(client_params& params);

}
