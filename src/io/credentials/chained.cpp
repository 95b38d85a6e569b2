#include "io/failures.hpp"

#include <allot/credential_sources.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <utility>

namespace allot {
namespace asio = boost::asio;

namespace {

/// "(1) first; (2) second": reasons are sentences with commas and semicolons of their own.
std::string numbered(std::vector<std::string> const& reasons) {
    std::string out;
    for (std::size_t at = 0; at != reasons.size(); ++at)
        out += (at == 0 ? "(" : "; (") + std::to_string(at + 1) + ") " + reasons[at];
    return out;
}

class chained_credential final : public token_credential {
public:
    chained_credential(
        std::vector<std::shared_ptr<token_credential>> sources, std::vector<std::string> absent) :
        sources_(std::move(sources)),
        absent_(std::move(absent)) {}

    asio::awaitable<result<access_token>> fetch_token(token_request request) override {
        if (auto* const known = remembered())
            co_return co_await known->fetch_token(std::move(request));
        std::vector<std::string> reasons;
        for (std::size_t at = 0; at != sources_.size(); ++at) {
            auto token = co_await sources_[at]->fetch_token(request);
            if (token) {
                // Of fetches at the same time the first decides for all that follow.
                auto none = unknown;
                works_.compare_exchange_strong(none, at);
                co_return token;
            }
            if (token.error().code != errc::credential_unavailable)
                co_return token;
            auto const state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() != asio::cancellation_type::none)
                co_return cancelled_failure();
            reasons.push_back(sources_[at]->description() + ": " + token.error().message);
        }
        co_return none_here(std::move(reasons));
    }

    std::string description() const override {
        if (auto* const known = remembered())
            return known->description();
        std::string out;
        for (auto const& each : sources_)
            out += (out.empty() ? "the first that there is of: " : ", ") + each->description();
        return out.empty() ? "no source" : out;
    }

    std::string cache_key() const override { return joined(&token_credential::cache_key); }
    std::string throttle_key() const override { return joined(&token_credential::throttle_key); }

private:
    static constexpr auto unknown = static_cast<std::size_t>(-1);

    std::string joined(std::string (token_credential::*key_of_source)() const) const {
        std::string out = "first of";
        for (auto const& each : sources_) {
            auto const key = ((*each).*key_of_source)();
            if (key.empty())
                return {};
            out += '\n' + std::to_string(key.size()) + ' ' + key;
        }
        return out;
    }

    token_credential* remembered() const {
        auto const at = works_.load();
        return at == unknown ? nullptr : sources_[at].get();
    }

    failure none_here(std::vector<std::string> reasons) const {
        reasons.insert(reasons.end(), absent_.begin(), absent_.end());
        failure made;
        made.code = errc::token_unavailable;
        made.message = "there is no source of tokens here: " + numbered(reasons);
        return made;
    }

    std::vector<std::shared_ptr<token_credential>> const sources_;
    std::vector<std::string> const absent_;
    std::atomic<std::size_t> works_{unknown};
};

}

std::shared_ptr<token_credential> make_chained_credential(
    std::vector<std::shared_ptr<token_credential>> sources, std::vector<std::string> absent) {
    return std::make_shared<chained_credential>(std::move(sources), std::move(absent));
}

}
