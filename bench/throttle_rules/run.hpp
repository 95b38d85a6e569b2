#pragma once

#include <allot/credential.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// What the peer's caller has under way at once, unless the peer has a word in that.
inline constexpr std::size_t callers = 256;

/// One run against one tenant: where it is, what to look up, and what came of it. Ends when `count` look-ups
/// have ended. Thread safety: one thread.
class run {
public:
    run(boost::asio::io_context& context, char const* const* words, std::uint64_t count);

    boost::asio::io_context& context;
    std::string graph_url;
    std::string ca_file;
    std::shared_ptr<allot::token_credential> credential;
    std::vector<std::string> ids;

    /// The id to look up next; none is left when it is null.
    std::string const* next();
    /// A look-up has ended: `good` with an allotment, else with the server's refusal.
    void ended(bool good);

    std::uint64_t good() const noexcept { return good_; }
    std::uint64_t given_up() const noexcept { return given_up_; }

private:
    std::uint64_t count_;
    std::uint64_t given_ = 0;
    std::uint64_t good_ = 0;
    std::uint64_t given_up_ = 0;
};

/// A contender's rules at work: starts look-ups on the context, until there is no next one.
using starter = void (*)(run& of);

void start_allot(run& of);
void start_unpaced(run& of);
void start_kiota_go(run& of);
void start_kiota_dotnet(run& of);
void start_aws_adaptive(run& of);
void start_scubagear(run& of);
void start_mgx(run& of);

}
