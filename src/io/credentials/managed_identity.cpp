#include "io/credentials/managed_identity.hpp"

#include "io/credentials/arc_key.hpp"
#include "io/credentials/managed_identity_answer.hpp"
#include "io/deadline_queue.hpp"
#include "io/failures.hpp"
#include "io/local_connection.hpp"
#include "io/parking_spot.hpp"
#include "protocol/arc_challenge.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t identity_body_limit = 256 * 1024;

/// The key that the answer to Arc's first request points to.
result<secret> arc_key_of(response_reader const& challenge, std::string const& folder) {
    auto const file = arc_key_file(challenge.field("WWW-Authenticate"));
    if (file)
        return read_arc_key(*file, folder);
    failure bad;
    bad.code = errc::token_unavailable;
    bad.message = "status 401 without a WWW-Authenticate field that names a key file (Basic realm=FILE)";
    return bad;
}

class managed_identity final : public token_credential {
public:
    managed_identity(managed_identity_request request, bool probe, managed_identity_limits limits) :
        request_(std::move(request)),
        // What the environment names is here.
        probes_(probe && request_.kind() == managed_identity_kind::imds),
        limits_(std::move(limits)) {}

    asio::awaitable<result<access_token>> fetch_token(token_request wanted) override {
        auto const executor = co_await asio::this_coro::executor;
        deadline_queue deadlines(executor);
        auto const deadline = clock::now() + limits_.total;
        imds_retry_state retry(limits_.retries, deadline);
        bool const probing = probes_;
        bool answered = !probing; // by a metadata service: it is worth the time that it takes
        for (;;) {
            auto answer = co_await ask(executor, deadlines, deadline, wanted.scope, !answered);
            if (answer.token) {
                probes_ = false;
                co_return std::move(*answer.token);
            }
            if (answer.report.transport == errc::cancelled)
                co_return cancelled_failure();
            auto const action = retry.on_attempt(clock::now(), answer.report);
            answer.reason.exchange.attempts = retry.attempts();
            answer.reason.reason = action.reason;
            if (answer.absent && (answer.report.transport ? !answered : probing)) {
                answer.reason.code = errc::credential_unavailable;
                answer.reason.reason = end_reason::permanent;
                co_return std::move(answer.reason);
            }
            answered = true;
            if (action.step != retry_step::wait) {
                // Nobody else stands in for an identity that is named.
                if (probing && action.step == retry_step::give_up && request_.identity().empty())
                    answer.reason.code = errc::credential_unavailable;
                co_return std::move(answer.reason);
            }
            parking_spot spot(executor);
            if (co_await spot.wait(action.at) == parking_spot::outcome::cancelled)
                co_return cancelled_failure();
        }
    }

    std::string description() const override {
        auto const& who = request_.identity();
        return std::string("managed identity (") + to_string(request_.kind()) + " at " + request_.url() +
               (who.empty() ? "" : ", " + who) + ")";
    }

    std::string cache_key() const override { return "managed identity " + request_.key(); }

private:
    using answer_type = managed_identity_answer;

    /// One attempt; Arc's has two requests.
    asio::awaitable<answer_type>
    ask(asio::any_io_executor executor, deadline_queue& deadlines, clock::time_point deadline,
        std::string const& scope, bool probe) const {
        secret key;
        local_connection with(executor, deadlines);
        auto asked_at = clock::now();
        auto unanswered = co_await send(with, deadline, scope, key, probe);
        if (!unanswered && request_.kind() == managed_identity_kind::arc && with.response().status() == 401) {
            auto found = arc_key_of(with.response(), limits_.arc_key_folder);
            if (!found) {
                auto bad = bad_arc_challenge(std::move(found).error(), request_);
                co_return bad;
            }
            key = std::move(*found);
            asked_at = clock::now();
            unanswered = co_await send(with, deadline, scope, key, probe);
        }
        if (unanswered)
            co_return std::move(*unanswered);
        auto answer = read_managed_identity(with.response(), request_, key, asked_at);
        co_return answer;
    }

    /// Nothing when there is an answer to read.
    asio::awaitable<std::optional<answer_type>> send(
        local_connection& with, clock::time_point deadline, std::string const& scope, secret const& key,
        bool probe) const {
        auto const bytes = request_.write(scope, key);
        auto const connect_timeout = probe ? limits_.probe_connect_timeout : limits_.connect_timeout;
        auto const request_timeout = probe ? limits_.probe_request_timeout : limits_.request_timeout;
        auto failed =
            co_await with.open(request_.where(), std::min(deadline, clock::now() + connect_timeout));
        bool const connected = !failed;
        if (connected) {
            auto const until = std::min(deadline, clock::now() + request_timeout);
            failed = co_await with.exchange(bytes.reveal(), identity_body_limit, until);
        }
        std::optional<answer_type> made;
        if (failed)
            made = no_managed_identity(std::move(*failed), request_, connected);
        co_return made;
    }

    managed_identity_request request_;
    std::atomic<bool> probes_; ///< until a token came: what was here once is not absent
    managed_identity_limits limits_;
};

}

result<std::shared_ptr<token_credential>>
make_managed_identity_credential(managed_identity_params params, managed_identity_limits limits) {
    bool const probe = params.probe;
    auto request = managed_identity_request::make(std::move(params));
    if (!request)
        return request.error();
    return std::shared_ptr<token_credential>(
        std::make_shared<managed_identity>(std::move(*request), probe, std::move(limits)));
}

result<std::shared_ptr<token_credential>> make_managed_identity_credential(managed_identity_params params) {
    return make_managed_identity_credential(std::move(params), managed_identity_limits());
}

}
